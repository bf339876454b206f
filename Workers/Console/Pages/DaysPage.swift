import Hummingbird
import Payments
import Postgres
import Sentences
import Store

/// `/days`: the reconciled days. `/days/YYYY-MM-DD`: a day's differences, settlements and payouts.
struct DaysPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads

    private struct Difference {
        let id: String
        let kind: String
        let lineKind: String
        let orderNo: String
        let refundNo: String
        let line: String
        let platform: String
        let channel: String
        let status: String
        let resolution: String?
    }

    private struct Settlement {
        let merchantNo: String
        let orders: String
        let refunds: String
        let gross: String
        let refunded: String
        let fee: String
        let carriedIn: String
        let net: String
        let payoutNo: String?
        let payoutStatus: String?
        let reason: String?
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/days") { _, context in
            _ = try reads.user(context, for: .days)
            let rows = try await reads.pool.transaction {
                try await $0.run(NewestDays(limit: 100)).map(DayRow.init)
            }
            return pages.page(
                "days", title: context.language("Days and money", "日账与资金"), context: context,
                path: "/days", content: ["days": rows, "isEmpty": rows.isEmpty])
        }
        router.get("/days/:day") { _, context in
            _ = try reads.user(context, for: .days)
            let text = try context.parameters.require("day")
            guard let day = BusinessDay(text) else { throw PageError(status: .notFound) }
            return try await show(day, context)
        }
    }

    private func show(_ day: BusinessDay, _ context: ConsoleContext) async throws -> Response {
        let (reconciliations, found, settled) = try await reads.pool.transaction { transaction in
            (
                try await transaction.run(ReconciliationsOfDay(day: day)),
                try await transaction.run(DifferencesOfDay(day: day)),
                try await transaction.run(SettlementsOfDay(day: day))
            )
        }
        guard !reconciliations.isEmpty else { throw PageError(status: .notFound) }
        let differences = found.map { row in
            Difference(
                id: String(row.id), kind: row.kind, lineKind: row.lineKind, orderNo: row.orderNo,
                refundNo: row.refundNo, line: row.lineNo.map(String.init) ?? "–",
                platform: row.platformAmount?.yuan ?? "–", channel: row.channelAmount?.yuan ?? "–",
                status: row.status, resolution: row.resolution)
        }
        let settlements = settled.map { row in
            Settlement(
                merchantNo: row.merchantNo, orders: String(row.orders),
                refunds: String(row.refunds), gross: row.gross.yuan, refunded: row.refunded.yuan,
                fee: row.fee.yuan, carriedIn: row.carriedIn.yuan, net: row.net.yuan,
                payoutNo: row.payoutNo, payoutStatus: row.payoutStatus, reason: row.reason)
        }
        let matched = reconciliations.map { row in
            row.counts.first { $0.name == "matched" }?.count ?? 0
        }.reduce(0, +)
        return pages.page(
            "day", title: day.description, context: context, path: "/days",
            content: [
                "day": day.description, "matched": String(matched),
                "differences": differences, "hasDifferences": !differences.isEmpty,
                "settlements": settlements, "hasSettlements": !settlements.isEmpty,
                "net": Money(fen: settled.map(\.net.fen).reduce(0, +)).yuan,
                "fee": Money(fen: settled.map(\.fee.fen).reduce(0, +)).yuan,
                "gross": Money(fen: settled.map(\.gross.fen).reduce(0, +)).yuan,
                "refunded": Money(fen: settled.map(\.refunded.fen).reduce(0, +)).yuan,
                "carriedIn": Money(fen: settled.map(\.carriedIn.fen).reduce(0, +)).yuan,
            ])
    }
}

/// A reconciled day in a list.
struct DayRow: Sendable {
    let day: String
    let channel: String
    let matched: String
    let differences: String
    let open: String
    let isOpen: Bool
    let completedAt: String

    init(_ row: NewestDays.Row) {
        day = row.day
        channel = row.channel
        matched = String(row.matched)
        differences = String(row.differences)
        open = String(row.open)
        isOpen = row.open > 0
        completedAt = row.completedAt.shanghai
    }
}

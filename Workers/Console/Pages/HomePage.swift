import Hummingbird
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `/`: what needs somebody, and the newest orders.
struct HomePage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads
    let clock: any BusinessClock

    /// A figure is counted to here, so that a bad day doesn't make the page slow.
    private static let limit = 1_000

    private struct Figure {
        let name: String
        let value: String
        let note: String
        let address: String
        let isBad: Bool
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/") { _, context in
            guard context.session?.stage == .complete else {
                return Response(status: .seeOther, headers: [.location: "/sign-in"])
            }
            return try await show(context)
        }
    }

    private func show(_ context: ConsoleContext) async throws -> Response {
        let user = try reads.user(context, for: nil)
        let may = user.role.permissions
        let (say, now) = (context.language, clock.now())
        let content: [String: Any] = try await reads.pool.transaction { transaction in
            var figures: [Figure] = []
            if may.contains(.stuck) {
                figures.append(try await stuck(say, now, in: transaction))
            }
            if may.contains(.deadLetters) {
                figures.append(try await deadLetters(say, in: transaction))
            }
            let merchants = try await reads.merchants(of: user, in: transaction)
            let orders = try await OrderRows.newest(
                of: merchants, before: nil, limit: 10, in: transaction)
            let days =
                may.contains(.days)
                ? try await transaction.run(NewestDays(limit: 7)).map(DayRow.init) : []
            return [
                "figures": figures, "orders": orders.map { OrderRow($0, say) }, "days": days,
                "hasDays": !days.isEmpty,
            ]
        }
        return pages.page(
            "home", title: say("Home", "首页"), context: context, path: "/", content: content)
    }

    private func stuck(
        _ say: Language, _ now: Timestamp, in transaction: PostgresTransaction
    ) async throws -> Figure {
        let orders = try await transaction.run(
            StuckOrders(overdueBefore: now.adding(seconds: -900), limit: Self.limit))
        let oldest = orders.map(\.expiresAt).min().map { (now - $0).approximate }
        return Figure(
            name: say("In progress too long", "超时未决"), value: count(orders.count),
            note: oldest.map { say("the oldest for \($0)", "最久 \($0)") }
                ?? say("no order is past its time", "没有超时的订单"),
            address: "/stuck", isBad: !orders.isEmpty)
    }

    private func deadLetters(
        _ say: Language, in transaction: PostgresTransaction
    ) async throws -> Figure {
        let found = try await transaction.run(
            CountDeadLetters(DeadLetterFilter(), limit: Self.limit))
        let number = Int(found.first?.count ?? 0)
        return Figure(
            name: say("Open dead letters", "未处理死信"), value: count(number),
            note: number == 0
                ? say("every record was processed", "所有记录均已处理")
                : say("records that a worker couldn't process", "无法处理的记录"),
            address: "/dead-letters", isBad: number > 0)
    }

    private func count(_ number: Int) -> String {
        number >= Self.limit ? "\(Self.limit)+" : String(number)
    }
}

import Hummingbird
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `/stuck`: orders and refunds in progress past their time, why, and what happens next.
struct StuckOrdersPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads
    let clock: any BusinessClock

    private static let limit = 200
    /// As `tally orders stuck` by default.
    private static let overdueSeconds: Int64 = 900

    private struct Row {
        let orderNo: String
        let number: String
        let merchantNo: String
        let amount: String
        let since: String
        let why: String
        let next: String
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/stuck") { _, context in
            _ = try reads.user(context, for: .stuck)
            let (say, now) = (context.language, clock.now())
            let before = now.adding(seconds: -Self.overdueSeconds)
            let reading = StuckReading(now: now, language: say)
            let (orders, refunds) = try await reads.pool.transaction { transaction in
                (
                    try await transaction.run(
                        StuckOrders(overdueBefore: before, limit: Self.limit)),
                    try await transaction.run(
                        StuckRefunds(overdueBefore: before, limit: Self.limit))
                )
            }
            let rows = orders.map { order in
                Row(
                    orderNo: order.orderNo, number: order.orderNo, merchantNo: order.merchantNo,
                    amount: order.amount.yuan,
                    since: (now - min(order.expiresAt, order.nextInquiryAt)).approximate,
                    why: reading.why(order), next: reading.next(order))
            }
            let refundRows = refunds.map { refund in
                Row(
                    orderNo: refund.orderNo, number: refund.refundNo, merchantNo: "",
                    amount: refund.amount?.yuan ?? "",
                    since: (now - refund.since).approximate, why: reading.why(refund),
                    next: reading.next(refund))
            }
            return pages.page(
                "stuck", title: say("In progress too long", "超时未决"), context: context,
                path: "/stuck",
                content: [
                    "orders": rows, "refunds": refundRows,
                    "isEmpty": rows.isEmpty && refundRows.isEmpty,
                    "hasOrders": !rows.isEmpty, "hasRefunds": !refundRows.isEmpty,
                    "isCut": orders.count == Self.limit || refunds.count == Self.limit,
                ])
        }
    }
}

import Events
import Payments
public import Postgres

/// Stores accepted orders none of whose numbers, ours and the merchants', has been used before, as
/// nearly every batch is: COPY asks of the server half of what `insert … on conflict` does.
public struct CopyNewOrders: Sendable {
    private let orders: [NewOrder]

    /// The orders of a batch.
    public init(_ orders: [NewOrder]) { self.orders = orders }

    /// Stores all of them, or none where a number is used.
    /// - Returns: whether they were stored.
    public func run(in transaction: PostgresTransaction) async throws(PostgresError) -> Bool {
        try await transaction.copyInUnlessTaken(Self.sql, rows)
    }

    static let sql = """
        copy orders (order_no, merchant_no, merchant_order_no, product, amount_fen, subject,
            notify_url, return_url, client_ip, attach, content_digest, channel, app_id,
            seller_id, chain_party_nos, chain_rates_ppm, merchant_fee_fen, channel_fee_fen,
            agent_share_fen, platform_share_fen, status, submission_id, accepted_event_id,
            traceparent, accepted_at, expires_at, next_inquiry_at)
        from stdin (format binary)
        """

    private var rows: PostgresCopyRows {
        var rows = PostgresCopyRows(columns: 27)
        rows.reserve(bytes: orders.count * 800)
        for order in orders {
            rows.beginRow()
            rows.append(order.orderNo)
            rows.append(order.request.merchantNo)
            rows.append(order.request.merchantOrderNo)
            rows.append(order.request.product.rawValue)
            rows.append(order.request.amount)
            rows.append(order.request.subject)
            rows.append(order.request.notifyURL)
            rows.append(order.request.returnURL)
            rows.append(order.request.clientIP)
            rows.append(order.request.attach)
            rows.append(order.contentDigest)
            rows.append(order.route.channel)
            rows.append(order.route.appID)
            rows.append(order.route.sellerID)
            rows.append(order.route.partyNos)
            rows.append(order.route.ratesPPM)
            rows.append(order.split.merchantFee)
            rows.append(order.split.channelFee)
            rows.append(order.split.agentShare)
            rows.append(order.split.platformShare)
            rows.append(OrderStatus.accepted.rawValue)
            rows.append(order.submissionID.uuid)
            rows.append(order.eventID.uuid)
            rows.append(order.traceparent)
            rows.append(order.acceptedAt)
            rows.append(order.expiresAt)
            rows.append(order.firstInquiryAt)
        }
        return rows
    }
}

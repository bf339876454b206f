import Events
import Payments
import Postgres

/// An order as it is accepted.
public struct NewOrder: Sendable {
    /// The platform's number.
    public let orderNo: String
    /// What the merchant asked for.
    public let request: OrderRequest
    /// SHA-256 of the request's business content.
    public let contentDigest: [UInt8]
    /// The channel's name.
    public let channel: String
    /// The application it is paid through.
    public let appID: String
    /// The payee at the channel.
    public let sellerID: String
    /// The platform's party number.
    public let platformNo: String
    /// The chain in force.
    public let chain: PartyChain
    /// The fees of the whole amount along the chain.
    public let split: FeeSplit
    /// The event that asked for it.
    public let submissionID: EventID
    /// The trace it belongs to.
    public let traceparent: String?
    /// When it is accepted.
    public let acceptedAt: Timestamp
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// When the channel is first asked about it.
    public let firstInquiryAt: Timestamp

    /// An order by its parts.
    public init(
        orderNo: String, request: OrderRequest, contentDigest: [UInt8], channel: String,
        appID: String, sellerID: String, platformNo: String, chain: PartyChain, split: FeeSplit,
        submissionID: EventID, traceparent: String?, acceptedAt: Timestamp, expiresAt: Timestamp,
        firstInquiryAt: Timestamp
    ) {
        self.orderNo = orderNo
        self.request = request
        self.contentDigest = contentDigest
        self.channel = channel
        self.appID = appID
        self.sellerID = sellerID
        self.platformNo = platformNo
        self.chain = chain
        self.split = split
        self.submissionID = submissionID
        self.traceparent = traceparent
        self.acceptedAt = acceptedAt
        self.expiresAt = expiresAt
        self.firstInquiryAt = firstInquiryAt
    }

    /// Platform, agents from the top, merchant: joined by commas, which no party number holds.
    var chainPartyNos: String {
        ([platformNo] + chain.levels.map(\.partyNo) + [chain.merchantNo]).joined(separator: ",")
    }

    var chainRates: String {
        chain.rates.map { String($0.ppm) }.joined(separator: ",")
    }
}

/// Stores accepted orders with the first event of each; those whose number the merchant has used
/// before are left out of the answer.
public struct InsertOrders: PostgresStatement {
    let orders: [NewOrder]
    let eventIDs: [EventID]

    /// - Parameter eventIDs: the `order.accepted` event of each order; of an order that comes
    ///   twice, the first.
    public init(_ orders: [NewOrder], eventIDs: [EventID]) {
        self.orders = orders
        // An order number's rows all carry one event, for the join below meets each of them.
        var firsts: [String: EventID] = [:]
        firsts.reserveCapacity(orders.count)
        self.eventIDs = zip(orders, eventIDs).map { order, eventID in
            if let first = firsts[order.orderNo] { return first }
            firsts[order.orderNo] = eventID
            return eventID
        }
    }

    public static let sql = """
        with inserted as (
            insert into orders (order_no, merchant_no, merchant_order_no, product, amount_fen,
                subject, notify_url, return_url, client_ip, attach, content_digest, channel,
                app_id, seller_id, chain_party_nos, chain_rates_ppm, merchant_fee_fen,
                channel_fee_fen, agent_share_fen, platform_share_fen, status, submission_id,
                traceparent, accepted_at, expires_at, next_inquiry_at)
            select order_no, merchant_no, merchant_order_no, product, amount_fen, subject,
                notify_url, return_url, client_ip, attach, content_digest, channel, app_id,
                seller_id, string_to_array(parties, ','), string_to_array(rates, ',')::int[],
                merchant_fee, channel_fee, agent_share, platform_share, 'accepted',
                submission_id, traceparent, accepted_at, expires_at, inquiry_at
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[],
                $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bytea[],
                $12::text[], $13::text[], $14::text[], $15::text[], $16::text[],
                $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::uuid[],
                $22::text[], $23::timestamptz[], $24::timestamptz[], $25::timestamptz[])
                as n (order_no, merchant_no, merchant_order_no, product, amount_fen, subject,
                notify_url, return_url, client_ip, attach, content_digest, channel, app_id,
                seller_id, parties, rates, merchant_fee, channel_fee, agent_share,
                platform_share, submission_id, traceparent, accepted_at, expires_at,
                inquiry_at)
            on conflict do nothing
            returning order_no, accepted_at
        ), told as (
            insert into order_events (order_no, version, event_id, event_type, origin, at,
                recorded_at)
            select i.order_no, 1, e.event_id, 'order.accepted', 'merchant', i.accepted_at,
                i.accepted_at
            from inserted i
            join unnest($1::text[], $26::uuid[]) as e (order_no, event_id) using (order_no)
            on conflict do nothing
        )
        select order_no from inserted
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(orders.map(\.orderNo))
        bindings.append(orders.map(\.request.merchantNo))
        bindings.append(orders.map(\.request.merchantOrderNo))
        bindings.append(orders.map(\.request.product.rawValue))
        bindings.append(orders.map(\.request.amount))
        bindings.append(orders.map(\.request.subject))
        bindings.append(orders.map(\.request.notifyURL))
        bindings.append(orders.map(\.request.returnURL))
        bindings.append(orders.map(\.request.clientIP))
        bindings.append(orders.map(\.request.attach))
        bindings.append(orders.map(\.contentDigest))
        bindings.append(orders.map(\.channel))
        bindings.append(orders.map(\.appID))
        bindings.append(orders.map(\.sellerID))
        bindings.append(orders.map(\.chainPartyNos))
        bindings.append(orders.map(\.chainRates))
        bindings.append(orders.map(\.split.merchantFee))
        bindings.append(orders.map(\.split.channelFee))
        bindings.append(orders.map(\.split.agentShare))
        bindings.append(orders.map(\.split.platformShare))
        bindings.append(orders.map(\.submissionID.uuid))
        bindings.append(orders.map(\.traceparent))
        bindings.append(orders.map(\.acceptedAt))
        bindings.append(orders.map(\.expiresAt))
        bindings.append(orders.map(\.firstInquiryAt))
        bindings.append(eventIDs.map(\.uuid))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

import Events
import Payments
public import Postgres

/// Stores accepted orders; those whose number has been used before are left out of the answer.
public struct InsertOrders: PostgresStatement {
    let orders: [NewOrder]

    /// The orders of a batch; of an order that comes twice the first is stored.
    public init(_ orders: [NewOrder]) { self.orders = orders }

    public static let sql =
        OrderColumns.insert + " order by place on conflict do nothing returning order_no"

    public func bind(_ bindings: inout PostgresBindings) {
        OrderColumns(of: orders).bind(&bindings)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// A batch of orders as the arrays that are sent: a column each, and each route once.
private struct OrderColumns {
    private let orders: [NewOrder]
    private let routes: [OrderRoute]
    // Of each order, its route's place, from 1.
    private let routeNos: [Int32]

    init(of orders: [NewOrder]) {
        var routes: [OrderRoute] = []
        var places: [ObjectIdentifier: Int32] = [:]
        routeNos = orders.map { order in
            let identity = ObjectIdentifier(order.route)
            if let place = places[identity] { return place }
            routes.append(order.route)
            let place = Int32(clamping: routes.count)
            places[identity] = place
            return place
        }
        self.orders = orders
        self.routes = routes
    }

    static let insert = """
        insert into orders (order_no, merchant_no, merchant_order_no, product, amount_fen,
            subject, notify_url, return_url, client_ip, attach, content_digest, channel,
            app_id, seller_id, chain_party_nos, chain_rates_ppm, merchant_fee_fen,
            channel_fee_fen, agent_share_fen, platform_share_fen, status, submission_id,
            accepted_event_id, traceparent, accepted_at, expires_at, next_inquiry_at)
        select order_no, merchant_no, merchant_order_no, product, amount_fen, subject,
            notify_url, return_url, client_ip, attach, content_digest, channel, app_id,
            seller_id, party_nos, rates_ppm, merchant_fee, channel_fee, agent_share,
            platform_share, 'accepted', submission_id, event_id, traceparent, accepted_at,
            expires_at, inquiry_at
        from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::text[], $10::bytea[], $11::bigint[], $12::bigint[],
            $13::bigint[], $14::bigint[], $15::uuid[], $16::uuid[], $17::text[],
            $18::timestamptz[], $19::timestamptz[], $20::timestamptz[])
            with ordinality
            as n (route_no, order_no, merchant_order_no, amount_fen, subject, notify_url,
            return_url, client_ip, attach, content_digest, merchant_fee, channel_fee,
            agent_share, platform_share, submission_id, event_id, traceparent, accepted_at,
            expires_at, inquiry_at, place)
        join (
            select route_no, merchant_no, product, channel, app_id, seller_id,
                string_to_array(parties, ',') as party_nos,
                string_to_array(rates, ',')::int[] as rates_ppm
            from unnest($21::text[], $22::text[], $23::text[], $24::text[], $25::text[],
                $26::text[], $27::text[]) with ordinality
                as r (merchant_no, product, channel, app_id, seller_id, parties, rates, route_no)
        ) as route using (route_no)
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(routeNos)
        bindings.append(orders.map { $0.orderNo })
        bindings.append(orders.map { $0.request.merchantOrderNo })
        bindings.append(orders.map { $0.request.amount })
        bindings.append(orders.map { $0.request.subject })
        bindings.append(orders.map { $0.request.notifyURL })
        bindings.append(orders.map { $0.request.returnURL })
        bindings.append(orders.map { $0.request.clientIP })
        bindings.append(orders.map { $0.request.attach })
        bindings.append(orders.map { $0.contentDigest })
        bindings.append(orders.map { $0.split.merchantFee })
        bindings.append(orders.map { $0.split.channelFee })
        bindings.append(orders.map { $0.split.agentShare })
        bindings.append(orders.map { $0.split.platformShare })
        bindings.append(orders.map { $0.submissionID.uuid })
        bindings.append(orders.map { $0.eventID.uuid })
        bindings.append(orders.map { $0.traceparent })
        bindings.append(orders.map { $0.acceptedAt })
        bindings.append(orders.map { $0.expiresAt })
        bindings.append(orders.map { $0.firstInquiryAt })
        bindings.append(routes.map { $0.merchantNo })
        bindings.append(routes.map { $0.product.rawValue })
        bindings.append(routes.map { $0.channel })
        bindings.append(routes.map { $0.appID })
        bindings.append(routes.map { $0.sellerID })
        // Joined by commas, which no party number holds: arrays of arrays would have one length.
        bindings.append(routes.map { $0.partyNos.joined(separator: ",") })
        bindings.append(routes.map { $0.ratesPPM.map(String.init).joined(separator: ",") })
    }
}

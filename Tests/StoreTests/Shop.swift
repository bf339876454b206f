import Events
import Payments
import Postgres
import Store
import Testing

/// A platform with two agents and three merchants, whose orders are made, paid and refunded through
/// the store's own statements.
struct Shop: Sendable {
    let connection: PostgresConnection

    /// 2026-11-20, noon in Shanghai.
    static let noon = Timestamp(microseconds: 1_795_147_200_000_000)
    static let day = BusinessDay.containing(noon)
    /// Channel, platform's agents and the merchant below them.
    static let chains: [String: (agents: [(String, Int64)], merchant: Int64)] = [
        "M1": ([("A1", 4_500), ("A2", 5_000)], 6_000),
        "M2": ([], 6_000),
        "M3": ([("A1", 4_500)], 5_500),
    ]

    /// A shop in a database of its own.
    static func open() async throws -> Shop {
        let shop = Shop(connection: try await migratedConnection())
        try await shop.add("P", .platform, under: nil)
        try await shop.add("A1", .agent, under: "P")
        try await shop.add("A2", .agent, under: "A1")
        try await shop.add("M1", .merchant, under: "A2")
        try await shop.add("M2", .merchant, under: "P")
        try await shop.add("M3", .merchant, under: "A1")
        return shop
    }

    func add(_ partyNo: String, _ kind: PutParty.Kind, under parentNo: String?) async throws {
        try await connection.run(
            PutParty(
                partyNo: partyNo, kind: kind, parentNo: parentNo, name: partyNo,
                callbackURL: nil, requiresAgentSignatures: false))
    }

    static func chain(of merchantNo: String) throws -> PartyChain {
        let (agents, merchantRate) = try #require(chains[merchantNo])
        return try PartyChain(
            channelRate: Rate(ppm: 3_800),
            levels: agents.map { PartyLevel(partyNo: $0.0, rate: try Rate(ppm: $0.1)) },
            merchantNo: merchantNo, merchantRate: Rate(ppm: merchantRate))
    }

    static func newOrder(
        _ orderNo: String, of merchantNo: String = "M1", amount: Int64 = 10_000,
        merchantOrderNo: String? = nil, at time: Timestamp = noon
    ) throws -> NewOrder {
        let body = """
            {"merchant_no":"\(merchantNo)","merchant_order_no":"\(merchantOrderNo ?? orderNo)",
             "product":"PC","amount_fen":\(amount),"currency":"CNY","subject":"tea",
             "timestamp":"\(time.rfc3339)","nonce":"n","sign_type":"MD5","key_version":1,
             "sign":"s"}
            """
        let chain = try chain(of: merchantNo)
        return NewOrder(
            orderNo: orderNo,
            request: try EventCodec.decode(OrderRequest.self, from: Array(body.utf8)),
            contentDigest: [1, 2, 3],
            route: OrderRoute(
                merchantNo: merchantNo, product: .pc, channel: "alipay", appID: "app",
                sellerID: "seller", platformNo: "P", chain: chain),
            split: try chain.split(Money(fen: amount)), submissionID: .make(at: time),
            eventID: .make(at: time), traceparent: nil, acceptedAt: time,
            expiresAt: time.adding(seconds: 1_800), firstInquiryAt: time.adding(seconds: 30))
    }

    func order(
        _ orderNo: String, of merchantNo: String = "M1", amount: Int64 = 10_000,
        at time: Timestamp = noon
    ) async throws {
        let order = try Self.newOrder(orderNo, of: merchantNo, amount: amount, at: time)
        let stored = try await connection.run(
            InsertOrders([order]))
        try #require(stored == [orderNo])
    }

    func pay(_ orderNo: String, at time: Timestamp = noon) async throws {
        try await connection.transaction { transaction in
            var order = try #require(try await transaction.run(LockOrders([orderNo])).first)
            order.state.status = .paid
            order.state.paidAt = time
            order.state.channelTradeNo = "T\(orderNo)"
            order.version += 1
            let net = try FeeSplit.of(order.state.amount, rates: order.chainRates)
            _ = try await transaction.run(UpdateOrders([.init(order: order, net: net)]))
        }
    }

    /// An order that is made and paid.
    func sell(
        _ orderNo: String, of merchantNo: String = "M1", amount: Int64 = 10_000,
        at time: Timestamp = noon
    ) async throws {
        try await order(orderNo, of: merchantNo, amount: amount, at: time)
        try await pay(orderNo, at: time)
    }

    func refund(
        _ refundNo: String, of orderNo: String, amount: Int64, at time: Timestamp = noon
    ) async throws {
        try await connection.transaction { transaction in
            var order = try #require(try await transaction.run(LockOrders([orderNo])).first)
            let before = order.state.refunded
            let after = before + Money(fen: amount)
            let reversal = try FeeSplit.reversal(
                of: order.state.amount, refundedBefore: before, refundedAfter: after,
                rates: order.chainRates)
            order.state.refunded = after
            order.state.status = after == order.state.amount ? .refunded : .partiallyRefunded
            order.version += 1
            let net = try FeeSplit.of(order.state.amount, rates: order.chainRates)
                .minus(FeeSplit.of(after, rates: order.chainRates))
            _ = try await transaction.run(
                CompleteRefunds([
                    .init(
                        refundNo: refundNo, orderNo: orderNo, merchantNo: order.merchantNo,
                        amount: Money(fen: amount), refundedBefore: before, reversal: reversal,
                        at: time)
                ]))
            _ = try await transaction.run(UpdateOrders([.init(order: order, net: net)]))
        }
    }
}

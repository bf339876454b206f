import Events
import Foundation
import Payments
import Postgres
import Store
import Testing
import WorkerRuntime

@testable import Callback

/// A platform with two agents and three merchants. Its orders are paid, refunded, reconciled and
/// settled by the workers' own code.
struct Shop: Sendable {
    let connection: PostgresConnection

    /// 2026-11-20, noon in Shanghai.
    static let noon = Timestamp(microseconds: 1_795_147_200_000_000)
    static let day = BusinessDay.containing(noon)
    /// The agents' rates and the merchant's, in ppm; the channel's is 3,800.
    static let chains: [String: (agents: [(String, Int64)], merchant: Int64)] = [
        "M1": ([("A1", 4_500), ("A2", 5_000)], 6_000),
        "M2": ([], 6_000),
        "M3": ([("A1", 4_500)], 5_500),
    ]

    /// A shop in its own database.
    static func open() async throws -> Shop { try await open(at: migratedDatabase()) }

    /// A shop in a migrated database that others use too.
    static func open(at url: String) async throws -> Shop {
        let shop = Shop(connection: try await PostgresConnection.connect(url, logger: quiet))
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

    /// Runs the callback worker on an observation of the channel.
    func observe(
        _ observation: ChannelObservation, origin: CallbackReceived.Origin = .notify,
        lateRule: LatePaymentRule = .accept, expectsChange: Bool = true,
        at time: Timestamp = noon
    ) async throws {
        let item = CallbackWorker.Item(
            callback: CallbackReceived(
                envelope: CallbackReceived.envelope(at: time), channel: "alipay",
                origin: origin, orderNo: observation.orderNo, raw: [],
                receivedAt: EventTime(time)),
            observation: observation)
        let masterKey = Data(repeating: 7, count: 32).base64EncodedString()
        let worker = CallbackWorker(
            directory: Directory(sealer: try Sealer(masterKey: masterKey)),
            channel: SilentChannel(), latePayments: lateRule)
        let effect = try await connection.transaction { transaction in
            try await worker.apply([item], in: transaction, now: time)
        }
        try #require(effect.poison.isEmpty, "\(effect.poison)")
        #expect(expectsChange == !effect.events.isEmpty)
    }

    func pay(_ orderNo: String, at time: Timestamp = noon) async throws {
        try await observe(
            ChannelObservation(orderNo: orderNo, tradeNo: "T\(orderNo)", kind: .paid, at: time),
            at: time)
    }

    /// A stored and paid order.
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
        let amount = Money(fen: amount)
        try await observe(
            ChannelObservation(
                orderNo: orderNo,
                kind: .refunded(refundNo: refundNo, refundAmount: amount, cumulative: amount),
                at: time),
            origin: .inquiry, at: time)
    }
}

import Foundation
import Payments
import TestStack
import TestWaiting
import Testing

/// A merchant's own system: it makes requests and signs them.
struct Shop: Sendable {
    let merchantNo: String
    let key: Endpoints.Key
    /// The agents that countersign its orders, nearest first.
    let agents: [Endpoints.Agent]

    init(merchantNo: String, key: Endpoints.Key, agents: [Endpoints.Agent]) {
        self.merchantNo = merchantNo
        self.key = key
        self.agents = agents
    }

    init(_ merchantNo: String, signing type: String? = nil, endpoints: Endpoints) throws {
        let merchant = try #require(endpoints.merchants.first { $0.merchantNo == merchantNo })
        self.merchantNo = merchantNo
        key = try #require(
            merchant.keys.first { type == nil || $0.signType.rawValue == type })
        agents = merchant.agentNos.reversed().compactMap { number in
            endpoints.agents.first { $0.agentNo == number }
        }
    }

    /// A number that was never used.
    static func number() -> String { "E2E-" + UUID().uuidString.prefix(18) }

    /// The fields of an order, not signed yet.
    func unsigned(
        _ number: String, amount: Int64 = 9_850, product: String = "PC",
        _ more: [String: SignedRequest.Value] = [:]
    ) -> SignedRequest {
        let fields: [String: SignedRequest.Value] = [
            "merchant_no": .text(merchantNo), "merchant_order_no": .text(number),
            "product": .text(product), "amount_fen": .number(amount), "currency": "CNY",
            "subject": "明前龙井 250 克 & 礼盒", "client_ip": "203.0.113.9",
            "expires_in_seconds": 3600,
        ]
        return SignedRequest(fields: fields.merging(more) { $1 })
    }

    /// A signed order, countersigned by the agents.
    func order(
        _ number: String, amount: Int64 = 9_850, product: String = "PC",
        at time: Timestamp = .now, _ more: [String: SignedRequest.Value] = [:]
    ) throws -> SignedRequest {
        var request = unsigned(number, amount: amount, product: product, more)
        var sign = try request.sign(with: key, at: time)
        for agent in agents { sign = try request.countersign(agent, after: sign) }
        return request
    }

    /// A call on an order: signed with its action and the order's number, which aren't sent, and
    /// countersigned by the agents where it changes something.
    func call(
        _ action: String, _ number: String, _ more: [String: SignedRequest.Value] = [:]
    ) throws -> SignedRequest {
        let fields: [String: SignedRequest.Value] = ["merchant_no": .text(merchantNo)]
        var request = SignedRequest(
            fields: fields.merging(more) { $1 },
            covered: ["merchant_order_no": .text(number), "action": .text(action)])
        var sign = try request.sign(with: key)
        guard action != "order.show" else { return request }
        for agent in agents { sign = try request.countersign(agent, after: sign) }
        return request
    }
}

extension RunningStack {
    func submit(_ request: SignedRequest) async throws -> Answer {
        try await client.post("/v1/orders", json: try request.json())
    }

    /// The order as its merchant reads it.
    func show(_ number: String, of shop: Shop) async throws -> Answer {
        let query = try shop.call("order.show", number).query
        return try await client.get("/v1/orders/\(number)?\(query)")
    }

    /// Waits until the merchant reads this status.
    func wait(
        for status: String, of number: String, _ shop: Shop
    ) async throws -> Answer {
        try await eventually("\(number) is \(status)") {
            let answer = try await show(number, of: shop)
            return answer["status"] == status ? answer : nil
        }
    }

    /// An order that was taken, paid by the payer at the channel's cashier, and known to be paid.
    func paidOrder(_ number: String, of shop: Shop, amount: Int64) async throws -> Answer {
        let answer = try await submit(shop.order(number, amount: amount))
        try await pay(answer)
        return try await wait(for: "paid", of: number, shop)
    }

    /// Follows the pay URL and pays, as a payer in a browser does.
    func pay(_ answer: Answer) async throws {
        let url = try #require(answer["pay_url"], "\(answer.text)")
        let cashier = try await client.get(url)
        #expect(cashier.status == 200)
        let orderNo = try #require(answer["order_no"])
        #expect(cashier.text.contains(#"name="out_trade_no" value="\#(orderNo)""#))
        let paid = try await client.post(
            endpoints.simulator + "/cashier/pay", form: [("out_trade_no", orderNo)])
        #expect(paid.status == 200 || paid.status == 303)
    }

    func refund(
        _ number: String, of shop: Shop, refundNo: String, amount: Int64
    ) async throws -> Answer {
        let request = try shop.call(
            "order.refund", number,
            [
                "merchant_refund_no": .text(refundNo), "amount_fen": .number(amount),
                "reason": "买家退货",
            ])
        return try await client.post("/v1/orders/\(number)/refunds", json: request.json())
    }
}

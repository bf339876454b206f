import Foundation
import HTTPTypes
import Hummingbird
import Payments
import Postgres
import Sentences
import Store

/// `/orders`: the newest orders, and one box that takes an order's, a merchant's or a refund's
/// number. `/orders/NUMBER`: an order's state, who has its money, what happens next, its timeline.
struct OrdersPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads

    private static let pageSize = 50

    func add(to router: Router<ConsoleContext>) {
        router.get("/orders") { request, context in
            let user = try reads.user(context, for: .orders)
            let query = request.uri.queryParameters
            let number = (query.get("number") ?? "")
                .trimmingCharacters(in: .whitespacesAndNewlines)
            if !number.isEmpty { return try await find(number, user, context) }
            return try await list(before: query.get("before"), user, context)
        }
        router.get("/orders/:order_no") { _, context in
            let user = try reads.user(context, for: .orders)
            return try await show(
                try context.parameters.require("order_no"), user, context)
        }
    }

    private func list(
        before: String?, _ user: User, _ context: ConsoleContext
    ) async throws -> Response {
        let before = before.flatMap { Self.isNumber($0) ? $0 : nil }
        let orders = try await reads.pool.transaction { transaction in
            try await OrderRows.newest(
                of: try await reads.merchants(of: user, in: transaction), before: before,
                limit: Self.pageSize + 1, in: transaction)
        }
        return page(
            orders.prefix(Self.pageSize), number: "", context,
            next: orders.count > Self.pageSize ? orders[Self.pageSize - 1].orderNo : nil,
            isFirst: before == nil)
    }

    private func find(
        _ number: String, _ user: User, _ context: ConsoleContext
    ) async throws -> Response {
        guard Self.canBeMerchantsNumber(number) else {
            return page([], number: "", context, next: nil, isFirst: true, status: .badRequest)
        }
        let orders = try await reads.pool.transaction { transaction -> [OrderView] in
            let merchants = try await reads.merchants(of: user, in: transaction)
            var orders: [OrderView] = []
            for found in try await transaction.run(OrdersOfNumber(number, limit: 20))
            where merchants?.contains(found.merchantNo) ?? true {
                orders += try await transaction.run(OrderByNo(found.orderNo))
            }
            return orders
        }
        if orders.count == 1 {
            return Response(
                status: .seeOther, headers: [.location: "/orders/\(orders[0].orderNo)"])
        }
        return page(orders[...], number: number, context, next: nil, isFirst: true)
    }

    /// A merchant may number its orders as it likes, but for control characters.
    static func canBeMerchantsNumber(_ text: String) -> Bool {
        text.utf8.count <= 256 && !text.unicodeScalars.contains { $0.value < 0x20 }
    }

    /// Whether a text can be the platform's number of an order: then it is also safe in an address.
    static func isNumber(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_.".utf8.contains(byte)
                }
            }
    }

    private func page(
        _ orders: some Sequence<OrderView>, number: String, _ context: ConsoleContext,
        next: String?, isFirst: Bool, status: HTTPResponse.Status? = nil
    ) -> Response {
        let say = context.language
        let rows = orders.map { OrderRow($0, say) }
        var content: [String: Any] = [
            "orders": rows, "number": number, "isEmpty": rows.isEmpty,
            "isSearch": !number.isEmpty, "isFirst": isFirst,
        ]
        if let next { content["next"] = next }
        return pages.page(
            "orders", title: say("Orders", "订单"), context: context, path: "/orders",
            status: status ?? (rows.isEmpty && !number.isEmpty ? .notFound : .ok),
            content: content)
    }

    private struct Step {
        let at: String
        let text: String
        let kind: String
    }

    private func show(
        _ orderNo: String, _ user: User, _ context: ConsoleContext
    ) async throws -> Response {
        guard Self.isNumber(orderNo) else { throw PageError(status: .notFound) }
        let say = context.language
        let content = try await reads.pool.transaction { transaction -> [String: Any]? in
            guard let order = try await transaction.run(OrderByNo(orderNo)).first else {
                return nil
            }
            // Another party's order isn't there.
            if let own = try await reads.merchants(of: user, in: transaction),
                !own.contains(order.merchantNo)
            {
                return nil
            }
            guard let facts = try await transaction.run(OrderFacts(orderNo)).first else {
                return nil
            }
            let deliveries = try await transaction.run(DeliveriesOfOrder(orderNo))
            let reading = OrderReading(
                order: order, facts: facts,
                refunds: try await transaction.run(RefundsOfOrders([orderNo])),
                deliveries: deliveries, language: say)
            let sentences = StepSentence(language: say)
            let steps = try await transaction.run(OrderSteps(orderNo)).map {
                Step(at: $0.at.shanghai, text: sentences.text(of: $0), kind: $0.kind.rawValue)
            }
            var content: [String: Any] = [
                "order": OrderRow(order, say), "why": reading.why,
                "money": reading.money.text, "holders": Self.holders(reading.money.holder, say),
                "upcoming": reading.next, "steps": steps, "product": order.product.rawValue,
                "expiresAt": order.expiresAt.shanghai,
            ]
            content["channelTradeNo"] = order.channelTradeNo
            content["isLate"] = order.isLate
            return content
        }
        guard let content else { throw PageError(status: .notFound) }
        return pages.page(
            "order", title: say("Order \(orderNo)", "订单 \(orderNo)"), context: context,
            path: "/orders", content: content)
    }

    private struct Holder {
        let name: String
        let isHere: Bool
    }

    /// The places where an order's money can be, in its way.
    private static func holders(_ here: OrderReading.Holder, _ say: Language) -> [Holder] {
        OrderReading.Holder.allCases.map { holder in
            let name =
                switch holder {
                case .payer: say("payer", "付款人")
                case .channel: say("channel", "渠道")
                case .platform: say("platform", "平台")
                case .bank: say("bank", "银行")
                case .merchant: say("merchant", "商户")
                }
            return Holder(name: name, isHere: holder == here)
        }
    }
}

import Foundation
import Payments
import TestSigning
import TestStack
import TestWaiting
import Testing

extension OutsideTests.UpSuite {
    @Test func paidOrderIsDeliveredSigned() async throws {
        try await Receiver.serving { receiver, address in
            let shop = try stack.shop("M2005")
            let number = Shop.number()
            let taken = try await stack.submit(
                shop.order(number, ["notify_url": .text(address), "attach": "货架 7"]))
            try await stack.pay(taken)
            let paid = try await stack.wait(for: "paid", of: number, shop)
            #expect(paid["paid_at"] != nil)

            let delivery = try await eventually("the merchant is notified") {
                await receiver.deliveries.first
            }
            #expect(delivery.id.flatMap(UUID.init(uuidString:)) != nil)
            #expect(delivery.attempt == "1")
            let body = delivery.body
            #expect(body["event"] == "order.paid")
            #expect(body["order_no"] == taken["order_no"])
            #expect(body["merchant_order_no"] == number)
            #expect(body["status"] == "paid")
            #expect(body["attach"] == "货架 7")
            #expect(body["channel_trade_no"] == paid["channel_trade_no"])
            #expect(body.number("amount_fen") == 9_850)
            #expect(body.number("key_version") == Int(shop.key.keyVersion))
            let text = SignedFields(delivery.fields).stringToSign
            #expect(try shop.key.signing().verify(body["sign"] ?? "", over: text), "\(body.text)")
            try await eventually("the delivery is acknowledged") {
                try await stack.show(number, of: shop).list("deliveries", "status")
                    == ["acknowledged"]
            }
        }
    }

    @Test func refundsComeInPieces() async throws {
        let shop = try stack.shop("M2003", signing: "HMAC-SHA256")
        let number = Shop.number()
        _ = try await stack.paidOrder(number, of: shop, amount: 10_000)
        let (first, second) = ("\(number)-1", "\(number)-2")

        let part = try await stack.refund(number, of: shop, refundNo: first, amount: 4_000)
        #expect(part.status == 201, "\(part.text)")
        let partly = try await stack.wait(for: "partially_refunded", of: number, shop)
        #expect(partly.number("refunded_fen") == 4_000)
        let again = try await stack.refund(number, of: shop, refundNo: first, amount: 4_000)
        #expect(again.status == 200)
        #expect(again["refund_no"] == part["refund_no"])
        #expect(again["status"] == "succeeded")
        let other = try await stack.refund(number, of: shop, refundNo: first, amount: 4_001)
        #expect(other.isProblem(409, "merchant_refund_no_used"), "\(other.text)")
        let tooMuch = try await stack.refund(number, of: shop, refundNo: second, amount: 6_001)
        #expect(tooMuch.isProblem(409, "refund_exceeds_order"), "\(tooMuch.text)")

        let rest = try await stack.refund(number, of: shop, refundNo: second, amount: 6_000)
        #expect(rest.status == 201, "\(rest.text)")
        let whole = try await stack.wait(for: "refunded", of: number, shop)
        #expect(whole.number("refunded_fen") == 10_000)
        #expect(whole.list("refunds", "status") == ["succeeded", "succeeded"])
        #expect(Set(whole.list("refunds", "merchant_refund_no")) == [first, second])
        let body = try shop.call("order.close", number).json()
        let close = try await stack.client.post("/v1/orders/\(number)/close", json: body)
        #expect(close.isProblem(409, "order_paid"), "\(close.text)")
    }
}

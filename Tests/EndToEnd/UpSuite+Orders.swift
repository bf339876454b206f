import Foundation
import Payments
import Testing

extension OutsideTests.UpSuite {
    @Test(arguments: [
        ("M2005", "HMAC-SHA256"), ("M2006", "MD5"), ("M2003", "RSA2"), ("M2003", "HMAC-SHA256"),
        ("M2001", "MD5"), ("M2007", "HMAC-SHA256"),
    ])
    func orderIsTakenOnce(merchantNo: String, signType: String) async throws {
        let shop = try stack.shop(merchantNo, signing: signType)
        let number = Shop.number()
        let request = try shop.order(number)

        let first = try await stack.submit(request)
        #expect(first.status == 201, "\(first.text)")
        #expect(first["merchant_order_no"] == number)
        #expect(first["status"] == "accepted")
        #expect(first["expires_at"] != nil)
        let url = try #require(first["pay_url"])
        #expect(url.hasPrefix(stack.endpoints.simulator))

        let again = try await stack.submit(request)
        #expect(again.status == 200)
        #expect(again.text == first.text)
        let later = try await stack.submit(shop.order(number, at: .now.adding(seconds: 1)))
        #expect(later.status == 200)
        #expect(later.text == first.text)

        let other = try await stack.submit(shop.order(number, amount: 9_851))
        #expect(other.isProblem(409, "merchant_order_no_used"), "\(other.text)")
    }

    @Test func appIsPaidByParameters() async throws {
        let shop = try stack.shop("M2005")
        let answer = try await stack.submit(shop.order(Shop.number(), product: "APP"))
        #expect(answer.status == 201)
        #expect(answer["pay_url"] == nil)
        #expect(answer["pay_params"]?.contains("alipay.trade.app.pay") == true)
    }

    @Test func orderIsShownToWhoSigned() async throws {
        let shop = try stack.shop("M2003", signing: "RSA2")
        let number = Shop.number()
        let taken = try await stack.submit(shop.order(number))

        let shown = try await stack.show(number, of: shop)
        #expect(shown.status == 200, "\(shown.text)")
        #expect(shown["order_no"] == taken["order_no"])
        #expect(shown["status"] == "accepted")
        #expect(shown.number("amount_fen") == 9_850)

        let unsigned = try await stack.client.get(
            "/v1/orders/\(number)?merchant_no=\(shop.merchantNo)")
        #expect(unsigned.isProblem(401, "unsigned"), "\(unsigned.text)")
        var forged = try shop.call("order.show", number)
        forged.fields["sign"] = "bm9ib2R5"
        let query = forged.query
        let refused = try await stack.client.get("/v1/orders/\(number)?\(query)")
        #expect(refused.isProblem(401, "bad_signature"), "\(refused.text)")
        let unknown = try await stack.show(Shop.number(), of: shop)
        #expect(unknown.isProblem(404, "order_unknown"), "\(unknown.text)")
        let stranger = try await stack.show(number, of: stack.shop("M2005"))
        #expect(stranger.isProblem(404, "order_unknown"), "\(stranger.text)")
    }

    @Test func unpaidOrderIsClosed() async throws {
        let shop = try stack.shop("M2005")
        let number = Shop.number()
        let taken = try await stack.submit(shop.order(number))
        // The payer opens the cashier: what the channel doesn't know can't be closed there before
        // the pay URL expires.
        _ = try await stack.client.get(try #require(taken["pay_url"]))
        // The signed query of a GET, as it stands in an access log, closes nothing.
        let seen = try await stack.client.post(
            "/v1/orders/\(number)/close", json: shop.call("order.show", number).json())
        #expect(seen.isProblem(401, "bad_signature"), "\(seen.text)")
        let body = try shop.call("order.close", number).json()
        let answer = try await stack.client.post("/v1/orders/\(number)/close", json: body)
        #expect([200, 202].contains(answer.status), "\(answer.text)")
        let closed = try await stack.wait(for: "closed", of: number, shop)
        #expect(closed["closed_at"] != nil)
        let again = try await stack.client.post("/v1/orders/\(number)/close", json: body)
        #expect(again.status == 200)
        #expect(again["status"] == "closed")
        let refund = try await stack.refund(number, of: shop, refundNo: "R1", amount: 1)
        #expect(refund.isProblem(409, "order_not_paid"), "\(refund.text)")
    }
}

import Foundation
import Kafka
import TestStack
import TestWaiting
import Testing

extension OutsideTests.UpSuite {
    @Test func notificationPays() async throws {
        let shop = try stack.shop("M2006")
        let number = Shop.number()
        let order = try await stack.submit(shop.order(number))
        let notice = try ChannelNotice(of: order, stack.endpoints)
        for _ in 0..<3 {
            let answer = try await stack.notify(notice)
            #expect(answer.status == 200)
            #expect(answer.text == "success")
            #expect(answer.type.hasPrefix("text/plain"))
        }
        let paid = try await stack.wait(for: "paid", of: number, shop)
        #expect(paid["channel_trade_no"] == notice.fields["trade_no"])
        let events = try await stack.texts(
            "select event_type from order_history where order_no = '\(order["order_no"] ?? "")'")
        #expect(events.filter { $0 == "order.paid" }.count == 1)
    }

    @Test func notificationOfAnotherAmountIsADeadLetter() async throws {
        let shop = try stack.shop("M2006")
        let number = Shop.number()
        let order = try await stack.submit(shop.order(number))
        var notice = try ChannelNotice(of: order, stack.endpoints)
        notice.fields["total_amount"] = "98.51"
        let answer = try await stack.notify(notice)
        #expect(answer.text == "success", "\(answer.text)")
        #expect(try await deadLetter(of: order) == "amount_mismatch")
        #expect(try await stack.show(number, of: shop)["status"] == "accepted")
    }

    @Test(arguments: [
        ("seller_mismatch", "seller_id", "2088000000000002"),
        ("app_mismatch", "app_id", "2021000000000002"),
        ("order_number_form", "out_trade_no", "SHOP-1"), ("bad_signature", "", ""),
    ])
    func notificationThatIsNotOursReceivesFailAndIsNotPublished(
        reason: String, field: String, value: String
    ) async throws {
        let shop = try stack.shop("M2006")
        let number = Shop.number()
        let order = try await stack.submit(shop.order(number))
        var notice = try ChannelNotice(of: order, stack.endpoints)
        if !field.isEmpty { notice.fields[field] = value }
        // The platform's own key is not the channel's.
        let isForged = reason == "bad_signature"
        let answer = try await stack.notify(
            notice, signedWith: isForged ? stack.endpoints.alipay.appPrivateKeyFile : nil)
        #expect(answer.status == 200)
        #expect(answer.text == "fail")
        let sample = try await eventually("a sample of \(reason)") {
            let shown = try await stack.tally(
                "notifications", "refused", "--json", "--reason", reason)
            return shown.output.contains("\"reason\":\"\(reason)\"") ? shown.output : nil
        }
        #expect(field == "out_trade_no" || sample.contains(order["order_no"] ?? "-"))
        #expect(try await deadLetters(of: order).isEmpty)
        #expect(try await stack.show(number, of: shop)["status"] == "accepted")
    }

    @Test func recordsThatAreNoOrdersDoNotHoldUpOthers() async throws {
        let shop = try stack.shop("M2005")
        let number = Shop.number()
        let mark = UUID().uuidString
        let good = try OwnSystem.submission(
            shop.order(number), orderNo: "X" + mark.replacing("-", with: ""))
        let key = Array(shop.merchantNo.utf8)
        func record(_ value: [UInt8]) -> ProducerRecord {
            ProducerRecord(topic: "orders.submitted", key: key, value: value)
        }
        try await stack.publish([
            record(Array("not JSON \(mark)".utf8)), record(Array(#"{"mark":"\#(mark)"}"#.utf8)),
            record([0xFF, 0x00] + Array(mark.utf8)), record(good),
            record(Array("[] \(mark)".utf8)),
        ])
        let reasons = try await eventually("four dead letters and an order") {
            let shown = try await stack.show(number, of: shop)
            guard shown["status"] == "accepted" else { return nil as [String]? }
            let reasons = try await stack.texts(
                """
                select reason from dead_letters where origin_topic = 'orders.submitted'
                and position(convert_to('\(mark)', 'UTF8') in record_value) > 0
                order by origin_offset
                """)
            return reasons.count == 4 ? reasons : nil
        }
        #expect(
            reasons == ["malformed_json", "schema_mismatch", "malformed_json", "malformed_json"])
    }

    private func deadLetter(of order: Answer) async throws -> String {
        try await eventually("a dead letter of the order") {
            try await deadLetters(of: order).first
        }
    }

    private func deadLetters(of order: Answer) async throws -> [String] {
        let orderNo = try #require(order["order_no"])
        return try await stack.texts(
            "select reason from dead_letters where record_key = '\(orderNo)'::bytea")
    }
}

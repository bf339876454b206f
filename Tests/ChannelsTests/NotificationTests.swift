import Foundation
import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("What notifications say")
struct NotificationTests {
    private func observed(_ name: String) throws -> ChannelObservation {
        let vectors = try Vectors.load().notifications
        let vector = try #require(vectors.first { $0.name == name })
        return try Made.channel().observation(ofNotification: Array(vector.formBody.utf8))
    }

    private func signed(
        _ fields: [(String, String)], by signer: AlipaySigner? = nil
    ) throws -> [UInt8] {
        let form = try AlipayForm(fields)
        let by = try signer ?? Made.alipay()
        return Array(try by.signed(form, .notification).encoded.utf8)
    }

    private let paid: [(String, String)] = [
        ("app_id", Made.appID), ("charset", "utf-8"), ("sign_type", "RSA2"),
        ("out_trade_no", "O1"), ("trade_no", "T1"), ("seller_id", Made.sellerID),
        ("trade_status", "TRADE_SUCCESS"), ("total_amount", "98.5"),
        ("gmt_payment", "2026-11-20 10:16:02"),
    ]

    @Test func paidOrRefundedOrClosed() throws {
        let paid = try observed("trade_success")
        #expect(
            paid
                == ChannelObservation(
                    orderNo: "A20261120000001", tradeNo: "2026112022001400001400000001",
                    kind: .paid, amount: Money(fen: 9850), appID: Made.appID,
                    sellerID: Made.sellerID, at: Timestamp(shanghai: "2026-11-20 10:16:02")))
        #expect(try observed("gbk").kind == .paid)
        let part = try observed("partial_refund")
        #expect(
            part.kind
                == .refunded(
                    refundNo: "R20261120000001", refundAmount: nil,
                    cumulative: Money(fen: 1000)))
        #expect(part.at == Timestamp(shanghai: "2026-11-20 15:00:04.517"))
        #expect(
            try observed("full_refund_closed").kind
                == .refunded(
                    refundNo: "R20261120000002", refundAmount: nil,
                    cumulative: Money(fen: 9850)))
        let closed = try observed("timeout_closed")
        #expect(closed.kind == .closed)
        #expect(closed.at == Timestamp(shanghai: "2026-11-20 10:46:00"))
        #expect(try observed("finished").kind == .finished)
    }

    @Test func closedAfterPaymentIsRefunded() throws {
        let fields = paid.map { $0.0 == "trade_status" ? ($0.0, "TRADE_CLOSED") : $0 }
        let seen = try Made.channel().observation(ofNotification: try signed(fields))
        #expect(
            seen.kind
                == .refunded(refundNo: nil, refundAmount: nil, cumulative: Money(fen: 9850)))
    }

    @Test func forgeriesAreRefused() throws {
        #expect(throws: ChannelMessageError.badSignature) { try observed("forged") }
        let channel = try Made.channel()
        let forged = try signed(paid, by: try Made.attacker())
        #expect(throws: ChannelMessageError.badSignature) {
            try channel.observation(ofNotification: forged)
        }
        let unsigned = Array(try AlipayForm(paid).encoded.utf8)
        #expect(throws: ChannelMessageError.unsigned) {
            try channel.observation(ofNotification: unsigned)
        }
        // A second value beside the signed one.
        let genuine = try signed(paid)
        for more in ["&total_amount=0.01", "&total%5famount=0.01"] {
            #expect(throws: ChannelMessageError.self, "\(more)") {
                try channel.observation(ofNotification: genuine + Array(more.utf8))
            }
        }
    }

    @Test func signedButUnreadable() throws {
        let channel = try Made.channel()
        for (name, value) in [
            ("trade_status", "TRADE_PENDING"), ("trade_status", ""), ("total_amount", "98.505"),
            ("total_amount", ""), ("out_trade_no", ""), ("gmt_payment", "yesterday"),
            ("charset", "latin-1"),
        ] {
            // An unknown charset can't be written either: it is changed after signing.
            let fields = paid.map { $0.0 == name && name != "charset" ? (name, value) : $0 }
            var form = String(decoding: try signed(fields), as: UTF8.self)
            if name == "charset" {
                form = form.replacingOccurrences(of: "charset=utf-8", with: "charset=\(value)")
            }
            #expect("\(name)=\(value)") {
                try channel.observation(ofNotification: Array(form.utf8))
            } throws: {
                ($0 as? ChannelMessageError)?.reason == "malformed"
            }
        }
        let anonymous = try signed(paid.filter { $0.0 != "app_id" })
        #expect(throws: ChannelMessageError.wrongApp) {
            try channel.observation(ofNotification: anonymous)
        }
    }

    @Test func anotherAppIsForTheOrderToRefuse() throws {
        let fields = paid.map { $0.0 == "app_id" ? ($0.0, "2021009999999999") : $0 }
        let seen = try Made.channel().observation(ofNotification: try signed(fields))
        #expect(seen.appID == "2021009999999999")
    }

    @Test func noMutationIsBelieved() throws {
        var random = SeededRandom()
        let channel = try Made.channel()
        let genuine = try signed(paid)
        let right = try channel.observation(ofNotification: genuine)
        for _ in 0..<300 {
            var form = genuine
            let index = Int.random(in: form.indices, using: &random)
            form[index] = UInt8.random(in: 0...255, using: &random)
            // Either refused, or the same message written otherwise (`%2D` for `-`).
            let seen = try? channel.observation(ofNotification: form)
            #expect(seen == nil || seen == right, random.note)
        }
    }
}

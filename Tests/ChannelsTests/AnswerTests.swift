import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("What answers say")
struct AnswerTests {
    private func observed(
        _ method: String, _ node: String, refundNo: String? = nil
    ) throws -> ChannelObservation? {
        let raw = try Made.alipay().response(method: method, node: node)
        return try Made.channel().observation(
            ofAnswer: raw, method: method, orderNo: "O1", refundNo: refundNo)
    }

    private func trade(_ status: String, _ more: String = "") -> String {
        #"{"code":"10000","msg":"Success","out_trade_no":"O1","trade_no":"T1","#
            + #""trade_status":"\#(status)","total_amount":"98.50"\#(more)}"#
    }

    @Test func queries() throws {
        let method = "alipay.trade.query"
        let when = #","send_pay_date":"2026-11-20 10:16:02""#
        let paidAt = Timestamp(shanghai: "2026-11-20 10:16:02")
        let rows: [(String, ChannelObservation.Kind, Timestamp?)] = [
            (trade("WAIT_BUYER_PAY"), .waiting, nil),
            (trade("TRADE_SUCCESS", when), .paid, paidAt),
            (trade("TRADE_FINISHED", when), .finished, paidAt),
            (trade("TRADE_CLOSED"), .closed, nil),
            (
                trade("TRADE_CLOSED", when),
                .refunded(refundNo: nil, refundAmount: nil, cumulative: Money(fen: 9850)), nil
            ),
        ]
        for (node, kind, time) in rows {
            let seen = try #require(try observed(method, node))
            #expect(seen.kind == kind)
            #expect(seen.at == time)
            #expect(seen.amount == Money(fen: 9850))
            #expect(seen.tradeNo == "T1")
            #expect(seen.orderNo == "O1")
        }
        let missing =
            #"{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","#
            + #""out_trade_no":"O1"}"#
        #expect(try observed(method, missing)?.kind == .notFound)
    }

    @Test func closes() throws {
        let method = "alipay.trade.close"
        #expect(
            try observed(method, #"{"code":"10000","trade_no":"T1","out_trade_no":"O1"}"#)?.kind
                == .closed)
        for subCode in ["ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID"] {
            #expect(try observed(method, #"{"code":"40004","sub_code":"\#(subCode)"}"#) == nil)
        }
        #expect(
            try observed(
                method, #"{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST","out_trade_no":"O1"}"#
            )?.kind == .notFound)
        // A refusal that names no order proves nothing about this one.
        #expect(
            try observed(method, #"{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}"#) == nil)
    }

    @Test(arguments: [
        (#","action":"close""#, ChannelObservation.Kind.closed), (#","action":"refund""#, nil),
        ("", nil),
    ])
    func cancels(action: String, kind: ChannelObservation.Kind?) throws {
        let node = #"{"code":"10000","out_trade_no":"O1","retry_flag":"N"\#(action)}"#
        #expect(try observed("alipay.trade.cancel", node)?.kind == kind)
    }

    @Test(arguments: [
        "alipay.trade.query", "alipay.trade.close", "alipay.trade.cancel", "alipay.trade.refund",
        "alipay.trade.fastpay.refund.query",
    ])
    func aSuccessThatNamesNoOrderHasNoEffect(method: String) throws {
        let node =
            trade(
                "TRADE_SUCCESS",
                #","fund_change":"Y","refund_status":"REFUND_SUCCESS","#
                    + #""refund_fee":"98.50","refund_amount":"98.50","out_request_no":"R1""#)
        #expect(throws: Never.self) { try observed(method, node, refundNo: "R1") }
        #expect {
            try observed(
                method, node.replacing(#""out_trade_no":"O1","#, with: ""), refundNo: "R1")
        } throws: {
            ($0 as? ChannelMessageError)?.reason == "wrong_subject"
        }
    }

    @Test func aRefundQueryThatNamesNoRefundHasNoEffect() throws {
        let method = "alipay.trade.fastpay.refund.query"
        let node =
            #"{"code":"10000","out_trade_no":"O1","refund_status":"REFUND_SUCCESS","#
            + #""refund_amount":"1.00"}"#
        #expect {
            try observed(method, node, refundNo: "R1")
        } throws: {
            ($0 as? ChannelMessageError)?.reason == "wrong_subject"
        }
    }

    @Test func refunds() throws {
        let method = "alipay.trade.refund"
        let done = { (change: String, more: String) in
            #"{"code":"10000","out_trade_no":"O1","trade_no":"T1","fund_change":"\#(change)","#
                + #""refund_fee":"30.00","gmt_refund_pay":"2026-11-20 15:00:04"\#(more)}"#
        }
        // It names no refund: published under another number of the order, it would fit as well.
        let detail =
            #","send_back_fee":"20.00","refund_detail_item_list":"#
            + #"[{"fund_channel":"ALIPAYACCOUNT","amount":"20.00"}]"#
        for more in ["", detail] {
            let seen = try #require(try observed(method, done("Y", more), refundNo: "R2"))
            #expect(
                seen.kind
                    == .refunded(refundNo: nil, refundAmount: nil, cumulative: Money(fen: 3000)))
            #expect(seen.at == Timestamp(shanghai: "2026-11-20 15:00:04"))
        }
        // No proof: it may be the repeat of one that failed.
        #expect(try observed(method, done("N", ""), refundNo: "R2") == nil)
        #expect(
            try observed(
                method, #"{"code":"40004","sub_code":"ACQ.SYSTEM_ERROR"}"#, refundNo: "R2") == nil)
    }

    @Test func refundQueries() throws {
        let method = "alipay.trade.fastpay.refund.query"
        let node = { (status: String) in
            #"{"code":"10000","out_trade_no":"O1","trade_no":"T1","out_request_no":"R2","#
                + #""total_amount":"98.50","refund_amount":"20.00"\#(status)}"#
        }
        #expect(
            try observed(
                method, node(#","refund_status":"REFUND_SUCCESS""#), refundNo: "R2")?.kind
                == .refunded(
                    refundNo: "R2", refundAmount: Money(fen: 2000), cumulative: Money(fen: 2000)))
        #expect(try observed(method, node(""), refundNo: "R2") == nil)
        #expect(
            try observed(
                method, node(#","refund_status":"REFUND_PROCESSING""#), refundNo: "R2") == nil)
        #expect(try observed(method, #"{"code":"10000","msg":"Success"}"#, refundNo: "R2") == nil)
        #expect(
            try observed(method, node(#","refund_status":"REFUND_FAIL""#), refundNo: "R2") == nil)
    }

    @Test func aGenuineAnswerToAnotherQuestionIsRefused() throws {
        let channel = try Made.channel()
        let raw = try Made.alipay().response(
            method: "alipay.trade.query", node: trade("TRADE_SUCCESS"))
        #expect {
            try channel.observation(
                ofAnswer: raw, method: "alipay.trade.query", orderNo: "O2", refundNo: nil)
        } throws: {
            ($0 as? ChannelMessageError)?.reason == "wrong_subject"
        }
        // An answer to a query is none to a close, although both have code 10000.
        #expect {
            try channel.observation(
                ofAnswer: raw, method: "alipay.trade.close", orderNo: "O1", refundNo: nil)
        } throws: {
            ($0 as? ChannelMessageError)?.reason == "malformed"
        }
    }

    @Test func unsignedAndForgedAnswersProveNothing() throws {
        let channel = try Made.channel()
        let unsigned = Array(
            (#"{"alipay_trade_query_response":"# + trade("TRADE_SUCCESS") + "}").utf8)
        #expect(throws: ChannelMessageError.unsigned) {
            try channel.observation(
                ofAnswer: unsigned, method: "alipay.trade.query", orderNo: "O1", refundNo: nil)
        }
        let forged = try Made.attacker().response(
            method: "alipay.trade.query", node: trade("TRADE_SUCCESS"))
        #expect(throws: ChannelMessageError.badSignature) {
            try channel.observation(
                ofAnswer: forged, method: "alipay.trade.query", orderNo: "O1", refundNo: nil)
        }
    }

    @Test func noMutationIsBelieved() throws {
        var random = SeededRandom()
        let channel = try Made.channel()
        let genuine = try Made.alipay().response(
            method: "alipay.trade.query", node: trade("WAIT_BUYER_PAY"))
        for _ in 0..<300 {
            var raw = genuine
            switch Int.random(in: 0...2, using: &random) {
            case 0:
                raw[Int.random(in: raw.indices, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            case 1: raw.removeLast(Int.random(in: 1...raw.count, using: &random))
            default:
                raw.insert(
                    contentsOf: [UInt8(ascii: "{"), UInt8(ascii: "\\")],
                    at: Int.random(in: raw.indices, using: &random))
            }
            let seen = try? channel.observation(
                ofAnswer: raw, method: "alipay.trade.query", orderNo: "O1", refundNo: nil)
            #expect(seen == nil || seen?.kind == .waiting, random.note)
        }
    }
}

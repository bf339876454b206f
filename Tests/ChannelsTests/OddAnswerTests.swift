import Foundation
import Payments
import Testing

@testable import Alipay
@testable import Channels

/// Answers in another charset, cut, or too long.
@Suite("Odd answers")
struct OddAnswerTests {
    private static let method = "alipay.trade.query"

    private func signed(_ node: String) throws -> [UInt8] {
        try Made.alipay().response(method: Self.method, node: node)
    }

    /// The answer in GBK: the signature is over its bytes.
    private func signedInGBK(_ node: String) throws -> [UInt8] {
        let bytes = try GBK.encode(node)
        let key = try RSAPrivateKey(try Vectors.text("keys/alipay_private_pkcs1.pem"))
        let sign = try key.sign(bytes)
        return Array(#"{"alipay_trade_query_response":"#.utf8) + bytes
            + Array(#","sign":"\#(sign)"}"#.utf8)
    }

    /// Characters whose second byte in GBK is a backslash, a brace or a bracket.
    private static let awkward = "乗誠僜匼亄亇乕乚交易不存在"

    @Test func anAnswerInGBKIsVerifiedOverItsBytesAndRead() async throws {
        for text in Self.awkward.map(String.init) + [Self.awkward] {
            let node =
                #"{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"\#(text)","#
                + #""out_trade_no":"O1"}"#
            let raw = try signedInGBK(node)
            let answer = try await Made.channel(TransportDouble(raw))
                .query(orderNo: "O1", now: Made.now)
            #expect(
                answer.outcome
                    == .refused(ChannelRefusal(code: "ACQ.TRADE_NOT_EXIST", message: text)))
            let observation = try Made.channel().observation(
                ofAnswer: answer.rawBody, method: Self.method, orderNo: "O1", refundNo: nil)
            #expect(observation?.kind == .notFound)
        }
    }

    @Test func noPartOfAnAnswerIsTakenForTheWhole() async throws {
        let whole = try signed(
            #"{"code":"10000","out_trade_no":"O1","trade_status":"TRADE_SUCCESS","#
                + #""total_amount":"1.00","subject":"{\"}\\茶"}"#)
        for count in 0..<whole.count {
            let channel = try Made.channel(TransportDouble(Array(whole.prefix(count))))
            await #expect(throws: ChannelError.self, "\(count) bytes") {
                _ = try await channel.query(orderNo: "O1", now: Made.now)
            }
        }
        let answer = try await Made.channel(TransportDouble(whole))
            .query(orderNo: "O1", now: Made.now)
        #expect(answer.outcome == .done)
    }

    @Test func everyCallBoundsItsAnswer() async throws {
        let transport = TransportDouble([])
        let channel = try Made.channel(transport)
        let day = try #require(BusinessDay("2026-11-20"))
        _ = try? await channel.query(orderNo: "O1", now: Made.now)
        _ = try? await channel.close(orderNo: "O1", now: Made.now)
        _ = try? await channel.cancel(orderNo: "O1", now: Made.now)
        _ = try? await channel.refund(
            orderNo: "O1", refundNo: "R1", amount: Money(fen: 1), reason: "r", now: Made.now)
        _ = try? await channel.queryRefund(orderNo: "O1", refundNo: "R1", now: Made.now)
        _ = try? await channel.bill(day: day, now: Made.now)
        _ = try? await channel.agreement("A1", now: Made.now)
        _ = try? await channel.endAgreement("A1", now: Made.now)
        #expect(transport.requests.count == 8)
        for request in transport.requests {
            #expect(request.answerLimit == 1_048_576)
            #expect(request.timeout == .seconds(10))
        }
    }

    @Test func deepNestingIsRefusedAndDoesNotCrash() async throws {
        for open in ["{\"a\":", "["] {
            let deep = String(repeating: open, count: 100_000)
            let bodies = [
                "{\"alipay_trade_query_response\":\(deep)",
                "{\"alipay_trade_query_response\":{\"code\":\"10000\",\"x\":\(deep)1",
            ]
            for body in bodies {
                let channel = try Made.channel(TransportDouble(Array(body.utf8)))
                await #expect(throws: ChannelError.self) {
                    _ = try await channel.query(orderNo: "O1", now: Made.now)
                }
            }
        }
        let closed =
            String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)
        let raw = try signed(#"{"code":"10000","out_trade_no":"O1","x":\#(closed)}"#)
        let channel = try Made.channel(TransportDouble(raw))
        await #expect(throws: ChannelError.self) {
            _ = try await channel.query(orderNo: "O1", now: Made.now)
        }
    }

    @Test func anIndirectMerchantsNumberIsInThePayment() throws {
        for (number, wanted) in [("2088300000000001", true), ("", false)] {
            let request = PayRequest(
                orderNo: "O1", amount: Money(fen: 1), subject: "s", product: .app,
                expiresAt: Made.now, subMerchantNo: number)
            let handle = try Made.channel().payHandle(for: request, now: Made.now)
            let form = try AlipayForm(received: Array((handle.parameters ?? "").utf8))
            let content = try #require(try form.text("biz_content"))
            let expected = #""sub_merchant":{"merchant_id":"2088300000000001"}"#
            #expect(content.contains(expected) == wanted)
        }
    }
}

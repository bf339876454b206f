import Testing

@testable import Simulator

/// The channel records what only a wrong caller does, and nothing else.
@Suite struct ChannelViolationTests {
    private let refund = #"{"out_trade_no":"O1","refund_amount":"30.00","out_request_no":"R1"}"#

    private func paid() async throws -> AlipayHarness {
        let harness = try await AlipayHarness()
        _ = try await harness.open("O1")
        _ = await harness.alipay.pay(orderNo: "O1")
        return harness
    }

    @Test func aRefundRepeatedUnderItsNumberIsNoViolation() async throws {
        let harness = try await paid()
        for _ in 0..<2 { _ = try await harness.call("alipay.trade.refund", refund) }
        #expect(await harness.alipay.trades().first?.refunds.count == 1)
        #expect(await harness.alipay.violations() == [])
    }

    @Test func anotherAmountUnderARefundNumberIsAViolation() async throws {
        let harness = try await paid()
        _ = try await harness.call("alipay.trade.refund", refund)
        let other = refund.replacing("30.00", with: "31.00")
        _ = try await harness.call("alipay.trade.refund", other)
        #expect(
            await harness.alipay.violations() == [
                "alipay.trade.refund of O1 was refused with ACQ.DISCORDANT_REPEAT_REQUEST"
            ])
    }

    @Test func aCloseOfAPaidTradeIsRefusedAndNoViolation() async throws {
        let harness = try await paid()
        let refused = harness.node(
            try await harness.call("alipay.trade.close", #"{"out_trade_no":"O1"}"#))
        #expect(refused.fields["sub_code"] == "ACQ.TRADE_STATUS_ERROR")
        #expect(await harness.alipay.violations() == [])
    }

    @Test func aWrongSignatureIsAViolation() async throws {
        let harness = try await paid()
        _ = try await harness.call("alipay.trade.query", #"{"out_trade_no":"O1"}"#, corrupt: true)
        #expect(await harness.alipay.violations().count == 1)
    }

    @Test func theEleventhQueryOfATradeWithinASecondIsRefused() async throws {
        let harness = try await paid()
        let query = #"{"out_trade_no":"O1"}"#
        for _ in 0..<10 { _ = try await harness.call("alipay.trade.query", query) }
        #expect(await harness.alipay.violations() == [])
        let limited = harness.node(try await harness.call("alipay.trade.query", query))
        #expect(limited.fields["code"] == "40005")
        #expect(await harness.alipay.violations().count == 1)
        harness.clock.move(seconds: 1)
        let later = harness.node(try await harness.call("alipay.trade.query", query))
        #expect(later.fields["code"] == "10000")
    }
}

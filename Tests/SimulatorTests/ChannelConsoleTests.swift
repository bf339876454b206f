import Foundation
import Payments
import Testing

@testable import Simulator

/// What happens at the channel without a call of the platform, and the terms of single trades.
@Suite struct ChannelConsoleTests {
    private func paid(_ faults: ChannelFaults = ChannelFaults()) async throws -> AlipayHarness {
        let harness = try await AlipayHarness()
        await harness.alipay.setFaults(faults, orderNo: "O1")
        _ = try await harness.open("O1")
        _ = await harness.alipay.pay(orderNo: "O1")
        await harness.alipay.work()
        return harness
    }

    private func query(_ harness: AlipayHarness, _ method: String = "alipay.trade.query")
        async throws -> [String: String]
    {
        harness.node(try await harness.call(method, #"{"out_trade_no":"O1"}"#)).fields
    }

    @Test func aRefundAtTheConsoleIsNotifiedWithItsOwnNumber() async throws {
        let harness = try await paid()
        for amount in [Money(fen: 1_000), Money(fen: 1_000)] {
            await harness.alipay.refundAtConsole(orderNo: "O1", amount: amount)
        }
        await harness.alipay.work()
        let forms = await harness.platform.forms.suffix(2)
        #expect(forms.map { $0["refund_fee"] } == ["10.00", "20.00"])
        let numbers = forms.compactMap { $0["out_biz_no"] }
        #expect(Set(numbers).count == 2)
        let found = harness.node(
            try await harness.call(
                "alipay.trade.fastpay.refund.query",
                #"{"out_trade_no":"O1","out_request_no":"\#(numbers[1])"}"#)
        ).fields
        #expect(found["refund_amount"] == "10.00")
        let tooMuch = await harness.alipay.refundAtConsole(
            orderNo: "O1", amount: Money(fen: 10_000))
        #expect(tooMuch == .failure(ConsoleRefusal(reason: .refundTooLarge)))
    }

    @Test func aTradeClosedAtTheConsoleIsNotified() async throws {
        let harness = try await AlipayHarness()
        #expect(await !harness.alipay.closeAtConsole(orderNo: "O1"))
        _ = try await harness.open("O1")
        #expect(await harness.alipay.closeAtConsole(orderNo: "O1"))
        await harness.alipay.work()
        #expect(await harness.platform.forms.last?["trade_status"] == "TRADE_CLOSED")
    }

    @Test func aCancelClosesAnUnpaidTradeAndRefundsAPaidOneOnItsDay() async throws {
        let cancel = "alipay.trade.cancel"
        let unpaid = try await AlipayHarness()
        #expect(try await query(unpaid, cancel)["action"] == nil)
        _ = try await unpaid.open("O1")
        #expect(try await query(unpaid, cancel)["action"] == "close")
        #expect(try await query(unpaid)["trade_status"] == "TRADE_CLOSED")
        let harness = try await paid()
        #expect(try await query(harness, cancel)["action"] == "refund")
        #expect(await harness.alipay.trades().first?.refunded == Money(fen: 10_000))
        let late = try await paid()
        late.clock.move(seconds: 86_400)
        #expect(try await query(late, cancel)["sub_code"] == "ACQ.TRADE_CANCEL_TIME_OUT")
    }

    @Test func aMerchantsCouponLowersWhatIsReceivedAndAChannelsCouponDoesNot() async throws {
        var faults = ChannelFaults()
        faults.merchantCoupon = Money(fen: 500)
        faults.channelCoupon = Money(fen: 200)
        let harness = try await paid(faults)
        let form = try #require(await harness.platform.forms.last)
        for fields in [form, try await query(harness)] {
            #expect(fields["total_amount"] == "100.00")
            #expect(fields["receipt_amount"] == "95.00")
            #expect(fields["buyer_pay_amount"] == "93.00")
        }
        let day = try #require(BusinessDay("2026-11-20"))
        #expect(await harness.alipay.bill(of: day).lines.first?.amount == Money(fen: 9_500))
    }

    @Test(arguments: [false, true])
    func theFeeOfARefundIsReturnedOrKept(isKept: Bool) async throws {
        var faults = ChannelFaults()
        faults.keepsFeeOnRefund = isKept
        let harness = try await paid(faults)
        await harness.alipay.refundAtConsole(orderNo: "O1", amount: Money(fen: 10_000))
        let day = try #require(BusinessDay("2026-11-20"))
        let refund = await harness.alipay.bill(of: day).lines.first { $0.kind == .refund }
        #expect(refund?.fee == (isKept ? .zero : Money(fen: 38)))
    }

    @Test func repeatsComeAfterNewerNotifications() async throws {
        var faults = ChannelFaults()
        faults.repeatedNotifications = 1
        faults.repeatDelay = 60
        let harness = try await paid(faults)
        await harness.alipay.refundAtConsole(orderNo: "O1", amount: Money(fen: 1_000))
        await harness.alipay.work()
        harness.clock.move(seconds: 60)
        await harness.alipay.work()
        let sums = await harness.platform.forms.map { $0["refund_fee"] ?? "-" }
        #expect(sums.sorted() == ["-", "-", "10.00", "10.00"])
        #expect(sums[0] == "-" && sums[1] == "10.00")
    }

    @Test func anAgreementIsEndedOnce() async throws {
        let harness = try await AlipayHarness()
        await harness.alipay.putAgreement("A1", .active)
        let call = { (method: String, number: String) in
            let content = #"{"agreement_no":"\#(number)"}"#
            return harness.node(try await harness.call(method, content)).fields
        }
        let look = "alipay.user.agreement.query"
        let end = "alipay.user.agreement.unsign"
        #expect(try await call(look, "A1")["status"] == "NORMAL")
        #expect(try await call(end, "A1")["code"] == "10000")
        #expect(try await call(look, "A1")["status"] == "STOP")
        #expect(try await call(end, "A1")["sub_code"] == "AGREEMENT_HAS_UNSIGNED")
        #expect(try await call(look, "A2")["sub_code"] == "USER_AGREEMENT_NOT_EXIST")
    }

    @Test func anIndirectMerchantIsNamedByItsNumber() async throws {
        let harness = try await AlipayHarness()
        let order = { (number: String, merchant: String) in
            try await harness.call(
                "alipay.trade.page.pay",
                #"{"out_trade_no":"\#(number)","total_amount":"1.00","subject":"t","#
                    + #""product_code":"FAST_INSTANT_TRADE_PAY","#
                    + #""sub_merchant":{"merchant_id":"\#(merchant)"}}"#)
        }
        guard case .cashier = try await order("O1", "2088300000000001") else {
            Issue.record("a sub-merchant's number is refused")
            return
        }
        #expect(try await query(harness)["alipay_sub_merchant_id"] == "2088300000000001")
        guard case .refusedPage = try await order("O2", "shop") else {
            Issue.record("any text is accepted as a sub-merchant's number")
            return
        }
    }

    @Test func faultsAreReadFromJSONAndAMisspeltOneIsAnError() throws {
        let text = """
            {"loses_notifications":true,"repeated_notifications":2,"repeat_delay_seconds":60,
            "wrong_amount_fen":1,"keeps_fee_on_refund":true,
            "backdated_payment":"2026-11-20 23:59:59",
            "answers":[{"kind":"lost","method":"alipay.trade.refund"},{"kind":"slow","seconds":3}]}
            """
        let faults = try JSONDecoder().decode(ChannelFaults.self, from: Data(text.utf8))
        #expect(faults.losesNotifications && faults.keepsFeeOnRefund)
        #expect(faults.repeatedNotifications == 2 && faults.repeatDelay == 60)
        #expect(faults.wrongAmount == Money(fen: 1))
        #expect(faults.backdatedPayment == Timestamp(shanghai: "2026-11-20 23:59:59"))
        #expect(
            faults.answers == [
                AnswerFault(.lost, method: "alipay.trade.refund"), AnswerFault(.slow, seconds: 3),
            ])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                ChannelFaults.self, from: Data(#"{"looses_notifications":true}"#.utf8))
        }
    }
}

import Payments
import Testing

@testable import Simulator

@Suite("The simulated channel")
struct SimulatedAlipayTests {
    @Test("from the cashier to the notification, all signed")
    func paysAndNotifies() async throws {
        let harness = try await AlipayHarness()
        let before = harness.node(
            try await harness.call("alipay.trade.query", #"{"out_trade_no":"O1"}"#))
        #expect(before.fields["sub_code"] == "ACQ.TRADE_NOT_EXIST")
        #expect(before.isSigned)
        guard case .cashier(let trade) = try await harness.open("O1") else {
            Issue.record("no cashier")
            return
        }
        #expect(trade.terms.amount == Money(fen: 10_000))
        guard case .paidPage = await harness.alipay.pay(orderNo: "O1") else {
            Issue.record("not paid")
            return
        }
        await harness.alipay.work()
        let form = try #require(await harness.platform.forms.first)
        #expect(form["trade_status"] == "TRADE_SUCCESS")
        #expect(form["total_amount"] == "100.00")
        #expect(form["subject"] == "茶, 250g")
        #expect(harness.isSigned(form))
        #expect(await harness.alipay.isIdle())
        let after = harness.node(
            try await harness.call("alipay.trade.query", #"{"out_trade_no":"O1"}"#))
        #expect(after.fields["trade_status"] == "TRADE_SUCCESS")
        #expect(after.isSigned)
    }

    @Test("a wrong signature, an unknown app and an unknown method get errors of their own")
    func refusals() async throws {
        let harness = try await AlipayHarness()
        let forged = harness.node(
            try await harness.call(
                "alipay.trade.query", #"{"out_trade_no":"O1"}"#, corrupt: true))
        #expect(forged.fields["sub_code"] == "isv.invalid-signature")
        #expect(!forged.isSigned)
        let unknown = try await harness.call("alipay.trade.imagine", "{}")
        guard case .json(let text) = unknown else {
            Issue.record("\(unknown)")
            return
        }
        #expect(text.contains("\"code\":\"40006\""))
        await harness.alipay.limitCalls(perSecond: 1)
        _ = try await harness.call("alipay.trade.query", #"{"out_trade_no":"O1"}"#)
        let limited = harness.node(
            try await harness.call("alipay.trade.query", #"{"out_trade_no":"O1"}"#))
        #expect(limited.fields["code"] == "40005")
    }

    @Test("notifications come again by the schedule until success, with the same notify_id")
    func retries() async throws {
        let harness = try await AlipayHarness(acknowledges: false)
        _ = try await harness.open("O1")
        _ = await harness.alipay.pay(orderNo: "O1")
        await harness.alipay.work()
        #expect(await harness.platform.forms.count == 1)
        var sent = 1
        for wait in [Int64(240), 600, 600, 3600, 7200, 21_600, 54_000] {
            harness.clock.move(seconds: wait - 1)
            await harness.alipay.work()
            #expect(await harness.platform.forms.count == sent)
            harness.clock.move(seconds: 1)
            #expect(await !harness.alipay.isIdle())
            await harness.alipay.work()
            sent += 1
            #expect(await harness.platform.forms.count == sent)
        }
        harness.clock.move(seconds: 1_000_000)
        await harness.alipay.work()
        let forms = await harness.platform.forms
        #expect(forms.count == 8)
        #expect(Set(forms.compactMap { $0["notify_id"] }).count == 1)
    }

    @Test("faults: false notifications before the right one, repeats, losses")
    func faults() async throws {
        let harness = try await AlipayHarness()
        var faults = ChannelFaults()
        faults.forged = true
        faults.wrongAmount = Money(fen: 1)
        faults.wrongApp = true
        faults.wrongSeller = true
        faults.repeatedNotifications = 2
        await harness.alipay.setFaults(faults, orderNo: "O1")
        _ = try await harness.open("O1")
        _ = await harness.alipay.pay(orderNo: "O1")
        await harness.alipay.work()
        let forms = await harness.platform.forms
        #expect(forms.map { harness.isSigned($0) } == [false, true, true, true, true, true, true])
        #expect(forms[1]["total_amount"] == "0.01")
        #expect(forms[2]["app_id"] != harness.identity.appID)
        #expect(forms[3]["seller_id"] != harness.identity.sellerID)
        #expect(forms[4] == forms[6])
        #expect(forms[4]["total_amount"] == "100.00")

        var lost = ChannelFaults()
        lost.losesNotifications = true
        lost.queryErrors = 1
        lost.unsignedResponses = 1
        await harness.alipay.setFaults(lost, orderNo: "O2")
        _ = try await harness.open("O2")
        _ = await harness.alipay.pay(orderNo: "O2")
        await harness.alipay.work()
        #expect(await harness.platform.forms.count == 7)
        let query = { try await harness.call("alipay.trade.query", #"{"out_trade_no":"O2"}"#) }
        #expect(harness.node(try await query()).fields["sub_code"] == "ACQ.SYSTEM_ERROR")
        let unsigned = harness.node(try await query())
        #expect(unsigned.fields["code"] == "10000" && !unsigned.isSigned)
        #expect(harness.node(try await query()).isSigned)
    }

    @Test("a refund whose response is a system error was made")
    func refundErrorAfterEffect() async throws {
        let harness = try await AlipayHarness()
        var faults = ChannelFaults()
        faults.refundErrorsAfterEffect = 1
        await harness.alipay.setFaults(faults, orderNo: "O1")
        _ = try await harness.open("O1")
        _ = await harness.alipay.pay(orderNo: "O1")
        let refund = {
            harness.node(
                try await harness.call(
                    "alipay.trade.refund",
                    #"{"out_trade_no":"O1","refund_amount":"30.00","out_request_no":"R1"}"#)
            ).fields
        }
        #expect(try await refund()["sub_code"] == "ACQ.SYSTEM_ERROR")
        let again = try await refund()
        #expect(again["fund_change"] == "N")
        #expect(again["refund_fee"] == "30.00")
        let queried = harness.node(
            try await harness.call(
                "alipay.trade.fastpay.refund.query",
                #"{"out_trade_no":"O1","out_request_no":"R1"}"#))
        #expect(queried.fields["refund_status"] == "REFUND_SUCCESS")
        await harness.alipay.work()
        let notified = try #require(await harness.platform.forms.last)
        #expect(notified["out_biz_no"] == "R1" && notified["refund_fee"] == "30.00")
    }

    @Test("the bill is there from nine, for thirty seconds at an address")
    func billAddress() async throws {
        let harness = try await AlipayHarness()
        _ = try await harness.open("O1")
        _ = await harness.alipay.pay(orderNo: "O1")
        let method = "alipay.data.dataservice.bill.downloadurl.query"
        let content = #"{"bill_type":"trade","bill_date":"2026-11-20"}"#
        harness.clock.move(seconds: 23 * 3600 - 1)
        let early = harness.node(try await harness.call(method, content))
        #expect(early.fields["sub_code"] == "BILL_NOT_EXIST")
        harness.clock.move(seconds: 1)
        let response = harness.node(try await harness.call(method, content))
        let address = try #require(response.fields["bill_download_url"])
        #expect(response.fields["bill_file_code"] == nil)
        let query = try #require(address.split(separator: "?").last)
        let values = try AlipayParameters(query: String(query), body: []).values
        let link = try #require(BillLink(query: values))
        #expect(link.isValid(at: harness.clock.now().adding(seconds: 30)))
        #expect(!link.isValid(at: harness.clock.now().adding(seconds: 31)))
        var tampered = values
        tampered["bizDates"] = "20261119"
        #expect(BillLink(query: tampered) == nil)
        #expect(await harness.alipay.bill(of: link.day).lines.count == 1)
        let empty = harness.node(
            try await harness.call(method, #"{"bill_type":"trade","bill_date":"2026-11-18"}"#))
        #expect(empty.fields["bill_file_code"] == "EMPTY_DATA_WITH_BILL_FILE")
    }
}

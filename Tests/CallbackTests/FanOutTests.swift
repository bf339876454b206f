import Events
import Foundation
import Payments
import Testing

@testable import Callback
@testable import Store

@Suite struct FanOutTests {
    private let now = TestOrders.now

    private func entries(
        _ urls: [String: String?] = [
            "A1": "https://a1.example/tally", "A2": "http://a2.example:8080/",
            "M1": "https://shop.example/n",
        ]
    ) -> Directory.Snapshot {
        var entries: [String: Directory.Entry] = [:]
        for (partyNo, url) in urls {
            entries[partyNo] = Directory.Entry(
                partyNo: partyNo, isMerchant: partyNo == "M1", isActive: true, callbackURL: url,
                requiresAgentSignatures: false, agentNos: [], platformNo: "P0", rates: [:],
                keys: [])
        }
        return Directory.Snapshot(version: 1, entries: entries)
    }

    private func deliveries(
        _ order: LockedOrder, _ kind: ChannelObservation.Kind = .paid,
        _ entries: Directory.Snapshot? = nil, merchantRefundNo: String? = nil
    ) -> [InsertDeliveries.New] {
        var progress = OrderProgress(orders: [order], now: now)
        progress.apply(TestOrders.seen(kind), origin: .inquiry, index: 0)
        let fanOut = FanOut(entries: entries ?? self.entries())
        return progress.changes.flatMap { change in
            fanOut.deliveries(
                of: change.event(merchantRefundNo: merchantRefundNo), order: change.order, now: now)
        }
    }

    @Test func everyAgentUpTheChainAndTheMerchantGetsOne() throws {
        let made = try deliveries(TestOrders.order(.paying))
        #expect(made.map(\.partyNo) == ["A1", "A2", "M1"])
        #expect(
            made.map(\.url) == [
                "https://a1.example/tally", "http://a2.example:8080/", "https://shop.example/n",
            ])
        #expect(Set(made.map(\.id)).count == 3)
        #expect(made.allSatisfy { $0.eventType == "order.paid" && $0.orderNo == "T1" })
    }

    @Test(arguments: 0...6)
    func noPartyOfALongChainIsLeftOut(agents: Int) throws {
        let agentNos = (0..<agents).map { "A\($0)" }
        let urls = Dictionary(
            uniqueKeysWithValues: (agentNos + ["M1"]).map { ($0, "https://\($0).example/") })
        let order = try TestOrders.order(
            .paying, chain: ["P0"] + agentNos + ["M1"],
            ppm: (0..<agents + 2).map { 2_000 + Int64($0) })
        #expect(deliveries(order, .paid, entries(urls)).map(\.partyNo) == agentNos + ["M1"])
    }

    @Test func thePlatformGetsNone() throws {
        let urls = ["P0": "https://platform.example/", "M1": "https://shop.example/"]
        #expect(
            try deliveries(TestOrders.order(.paying), .paid, entries(urls)).map(\.partyNo)
                == ["M1"])
    }

    @Test func closingAndRefundingAreDeliveredAndPayingIsNot() throws {
        #expect(try deliveries(TestOrders.order(.accepted), .waiting).isEmpty)
        let closed = try deliveries(TestOrders.order(.paying), .closed)
        #expect(closed.map(\.eventType) == Array(repeating: "order.closed", count: 3))
        let refunded = try deliveries(
            TestOrders.order(.paid), TestOrders.refund("R1", 4_000, of: 4_000))
        #expect(refunded.map(\.eventType) == Array(repeating: "order.refunded", count: 3))
        #expect(refunded.allSatisfy { $0.refundNo == "R1" })
    }

    @Test func theOrdersNotifyURLReplacesTheMerchantsAndOnlyTheMerchants() throws {
        let order = try TestOrders.order(.paying, notifyURL: "https://order.example/once")
        let made = deliveries(order)
        #expect(
            made.map(\.url) == [
                "https://a1.example/tally", "http://a2.example:8080/",
                "https://order.example/once",
            ])
        // Also where the merchant has none on file.
        #expect(
            deliveries(order, .paid, entries([:])).map(\.url) == ["https://order.example/once"])
    }

    @Test func aPartyWithoutAUsableURLGetsNoneAndTheOthersGetTheirs() throws {
        for url in [nil, "", "not a url", "/relative", "mailto:a@b.example"] as [String?] {
            let made = try deliveries(
                TestOrders.order(.paying), .paid,
                entries(["A1": url, "A2": "https://a2.example/", "M1": "https://m1.example/"]))
            #expect(made.map(\.partyNo) == ["A2", "M1"], "\(url ?? "none")")
        }
    }

    @Test func aReceiverIsThePartyAtItsHostAndPort() throws {
        #expect(
            try deliveries(TestOrders.order(.paying)).map(\.receiver)
                == ["A1@a1.example:0", "A2@a2.example:8080", "M1@shop.example:0"])
    }

    @Test func thePayloadHasTheContractsFieldsAndNoneOfTheReceivers() throws {
        let order = try TestOrders.order(.paying, attach: "table 7")
        let payload = try #require(deliveries(order).first?.payload)
        let fields = try #require(
            try JSONSerialization.jsonObject(with: Data(payload.utf8)) as? [String: Any])
        #expect(
            Set(fields.keys) == [
                "event_id", "event", "order_no", "merchant_no", "merchant_order_no", "product",
                "amount_fen", "refunded_fen", "status", "paid_at", "channel_trade_no", "attach",
            ])
        #expect(fields["event"] as? String == "order.paid")
        #expect(fields["amount_fen"] as? Int == 10_000)
        #expect(fields["status"] as? String == "paid")
        #expect(fields["attach"] as? String == "table 7")
        #expect(fields["paid_at"] as? String == TestOrders.now.rfc3339)
    }

    @Test func aRefundsPayloadNamesTheRefund() throws {
        let made = try deliveries(
            TestOrders.order(.paid), TestOrders.refund("R1", 4_000, of: 4_000),
            merchantRefundNo: "SHOP-R1")
        let payload = try #require(made.first?.payload)
        let fields = try #require(
            try JSONSerialization.jsonObject(with: Data(payload.utf8)) as? [String: Any])
        #expect(fields["refund_no"] as? String == "R1")
        #expect(fields["merchant_refund_no"] as? String == "SHOP-R1")
        #expect(fields["refund_fen"] as? Int == 4_000)
        #expect(fields["refunded_fen"] as? Int == 4_000)
    }
}

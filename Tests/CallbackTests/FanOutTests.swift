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

    @Test func aDeliveryNamesItsEventAndItsRefund() throws {
        var progress = OrderProgress(orders: [try TestOrders.order(.paid)], now: now)
        progress.apply(
            TestOrders.seen(TestOrders.refund("R1", 4_000, of: 4_000)), origin: .inquiry, index: 0)
        let change = try #require(progress.changes.first)
        let event = change.event(merchantRefundNo: "SHOP-R1")
        let made = FanOut(entries: entries()).deliveries(of: event, order: change.order, now: now)
        #expect(made.map(\.eventID) == Array(repeating: event.envelope.eventID, count: 3))
        #expect(made.map(\.refundNo) == ["R1", "R1", "R1"])
    }
}

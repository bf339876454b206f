import Events
import Payments
import Testing

@testable import Signature
@testable import Store

/// The chain of rates that an order takes, or why there is none.
@Suite struct RouteTests {
    private let now = SignedOrder.signedAt

    private func route(
        _ order: SignedOrder, _ parties: TestParties
    ) throws -> Result<OrderRoute, Refusal> {
        let submission = try order.submission()
        let routes = OrderRoutes(
            of: [submission], parties: try parties.snapshot(), account: .test, now: now)
        return Result { () throws(Refusal) in try routes.route(of: submission.event.order) }
    }

    private func refusal(_ order: SignedOrder, _ parties: TestParties) throws -> Refusal? {
        switch try route(order, parties) {
        case .success: nil
        case .failure(let refusal): refusal
        }
    }

    @Test func aProductWithoutARateIsRefused() throws {
        let order = try SignedOrder(changing: ["product": .text("APP")])
        let refusal = try #require(try refusal(order, TestParties()))
        #expect(refusal == .productNotAllowed(.app, lackedBy: ["P0", "A1", "A2", "M1"]))
        #expect(refusal.httpStatus == 403)
    }

    @Test(arguments: ["P0", "A1", "A2", "M1"])
    func aRateThatAnyPartyOfTheChainLacksRefusesTheProductNamingTheParty(
        partyNo: String
    ) throws {
        var parties = try TestParties()
        parties.rates[partyNo] = nil
        let refusal = try #require(try refusal(SignedOrder(), parties))
        #expect(refusal.code == "product_not_allowed")
        #expect(refusal.detail == "\(partyNo) has no rate for PC")
    }

    @Test func aRateCountsFromItsFirstMicrosecond() throws {
        var parties = try TestParties()
        parties.products = [.pc: now]
        #expect(try refusal(SignedOrder(), parties) == nil)
        parties.products = [.pc: Timestamp(microseconds: now.microseconds + 1)]
        #expect(try refusal(SignedOrder(), parties)?.code == "product_not_allowed")
    }

    @Test(arguments: [("A1", 1_999), ("A2", 2_999), ("M1", 3_999)])
    func ratesThatFallDownTheChainAreRefusedNamingBothParties(
        partyNo: String, ppm: Int64
    ) throws {
        var parties = try TestParties()
        parties.rates[partyNo] = ppm
        let refusal = try #require(try refusal(SignedOrder(), parties))
        #expect(refusal.code == "rates_conflict")
        #expect(refusal.httpStatus == 403)
        #expect(refusal.detail.contains(partyNo))
    }

    @Test func equalRatesDownTheChainAreAccepted() throws {
        var parties = try TestParties()
        parties.rates = ["P0": 6_000, "A1": 6_000, "A2": 6_000, "M1": 6_000]
        #expect(try refusal(SignedOrder(), parties) == nil)
    }

    @Test func ordersOfOneMerchantAndProductShareTheirRoute() throws {
        let submissions = try (1...2).map { number in
            try SignedOrder(changing: ["merchant_order_no": .text("SHOP-\(number)")]).submission()
        }
        let routes = OrderRoutes(
            of: submissions, parties: try TestParties().snapshot(), account: .test, now: now)
        let first = try routes.route(of: submissions[0].event.order)
        #expect(first === (try routes.route(of: submissions[1].event.order)))
    }
}

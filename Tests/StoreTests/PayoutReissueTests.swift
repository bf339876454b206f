import Events
import Payments
import Postgres
import Store
import Testing

@testable import Settlement

/// A failed payout is paid again: once, under a number of its own.
@Suite(.timeLimit(.minutes(2))) struct PayoutReissueTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }
    private let net = Money(fen: 10_000 - 60)

    init() async throws {
        shop = try await Shop.open()
        try await shop.sell("a")
        try await shop.settle(try await shop.reconcile("s", [Shop.trade(1, "a")]))
    }

    /// The number of the settlement's newest payout, after the bank has refused it.
    private func fail() async throws -> String {
        let job = try #require(
            try await connection.run(ClaimPayouts(limit: 1, now: Shop.noon)).first)
        let completion = PayoutCompletion(job, .failed, nil, "card closed", at: Shop.noon)
        _ = try await connection.run(completion.update)
        _ = try await connection.run(try completion.journal())
        return job.payoutNo
    }

    private func reissue(_ payoutNo: String) async throws -> String {
        try await connection.transaction { transaction in
            try await PayoutReissue(
                payoutNo, actor: "cli:li", reason: "new card", now: Shop.noon
            ).run(in: transaction).payoutNo
        }
    }

    private func balance(_ account: Account) async throws -> Int64 {
        try await shop.balance(account)
    }

    @Test func aFailedPayoutIsPaidAgainAndTheBooksHold() async throws {
        let first = try await fail()
        let payable = Account.merchantPayable(partyNo: "M1")
        #expect(try await balance(payable) == -net.fen)
        let second = try await reissue(first)
        #expect(second == first + "-R2")
        #expect(try await balance(payable) == 0)
        #expect(try await balance(.payoutInTransit) == -net.fen)
        #expect(try await shop.audit() == [])
        // It fails as well, and is paid again in turn.
        #expect(try await fail() == second)
        let third = try await reissue(second)
        #expect(third == first + "-R3")
        let lines = try await connection.run(
            PayoutPage(status: nil, merchantNo: "M1", before: nil, limit: 10))
        #expect(lines.map(\.payoutNo) == [third, second, first])
        #expect(lines.map(\.reissueOf) == [second, first, nil])
        #expect(lines.map(\.reissuedAs) == [nil, third, second])
        #expect(lines.map(\.amount) == [net, net, net])
        #expect(try await shop.audit() == [])
        #expect(
            try await connection.texts(
                "select actor || ' ' || action || ' ' || subject || ' ' || detail from audit_log "
                    + "order by audit_id limit 1")
                == ["cli:li payout.reissue \(first) paid again as \(second): new card"])
    }

    @Test func onlyAFailedPayoutIsPaidAgainAndOnlyOnce() async throws {
        let first = try #require(
            try await connection.texts("select payout_no from payouts").first)
        await #expect(throws: PayoutReissue.Refusal.notFailed(first, status: "requested")) {
            _ = try await reissue(first)
        }
        #expect(try await fail() == first)
        let second = try await reissue(first)
        await #expect(throws: PayoutReissue.Refusal.reissued(first, as: second)) {
            _ = try await reissue(first)
        }
        await #expect(throws: PayoutReissue.Refusal.unknown("P0")) { _ = try await reissue("P0") }
        #expect(try await connection.number("select count(*) from payouts") == 2)
        #expect(try await connection.number("select count(*) from audit_log") == 1)
    }

    @Test func aSettlementHasOnePayoutAtATimeThatHasNotFailed() async throws {
        _ = try await fail()
        let insert = """
            insert into payouts (payout_no, settlement_id, merchant_no, amount_fen, status,
                requested_at) select $$, settlement_id, merchant_no, net_fen, 'requested',
                now() from settlements
            """
        try await connection.execute(insert.replacing("$$", with: "'X1'"))
        await #expect(throws: PostgresError.self) {
            try await connection.execute(insert.replacing("$$", with: "'X2'"))
        }
    }

    @Test func aDaysPageAndAnOrdersPageShowThePayoutThatCounts() async throws {
        let second = try await reissue(try await fail())
        let shown = try await connection.run(SettlementsOfDay(day: Shop.day))
        #expect(shown.map(\.payoutNo) == [second])
        let facts = try await connection.run(OrderFacts("a"))
        #expect(facts.map(\.payoutNo) == [second])
        let settlement = try #require(
            try await connection.run(
                SettlementPage(day: Shop.day, merchantNo: nil, before: nil, limit: 5)
            ).first)
        #expect(settlement.net == net)
        let items = try await connection.run(
            SettlementItems(settlement.settlementID, limit: 5))
        #expect(items.map(\.orderNo) == ["a"])
        #expect(
            items[0].merchantFee
                == items[0].agentShares.reduce(items[0].channelFee + items[0].platformShare, +))
    }
}

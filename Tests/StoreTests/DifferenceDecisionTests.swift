import Events
import Payments
import Postgres
import Reconciliation
import TestWaiting
import Testing

@testable import Store

/// People's decisions on differences: who may, what the books hold afterwards, and what ends them.
@Suite(.timeLimit(.minutes(2))) struct DifferenceDecisionTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }
    private let limit = Money(fen: 1_000)
    private let url: String

    init() async throws {
        url = try await migratedDatabase()
        shop = try await Shop.open(at: url)
        for (userNo, login) in [("U1", "lina"), ("U2", "wang")] {
            _ = try await connection.run(
                InsertUser(
                    userNo: userNo, login: login, role: .finance, partyNo: nil, passwordHash: "h",
                    rule: .further, actor: "test", now: Shop.noon))
        }
    }

    private func decide<Value: Sendable>(
        as login: String = "lina",
        _ body: @Sendable (DifferenceDecisions, PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let user = try #require(try await connection.run(UserByLogin(login)).first)
        return try await connection.transaction { transaction in
            try await body(
                DifferenceDecisions(user: user, limit: limit, now: Shop.noon), transaction)
        }
    }

    @discardableResult
    private func resolve(
        _ id: Int64, _ action: DifferenceResolution.Action, as login: String = "lina",
        reason: DifferenceResolution.Reason = .channelError, comment: String = ""
    ) async throws -> Bool {
        try await decide(as: login) {
            try await $0.resolve(id, action, reason: reason, comment: comment, in: $1)
        }
    }

    private func id(of orderNo: String, kind: DifferenceKind? = nil) async throws -> Int64 {
        let rows = try await connection.run(
            DifferencePage(day: nil, status: nil, kind: kind?.rawValue, before: nil, limit: 50))
        return try #require(rows.first { $0.orderNo == orderNo }).id
    }

    @Test func anAcceptedAmountIsSettledWithOursAndTheClaimIsTheChannels() async throws {
        try await shop.sell("odd", amount: 500)
        let first = try await shop.reconcile("s", [Shop.trade(1, "odd", amount: 503)])
        #expect(try await shop.settle(first).isEmpty)
        #expect(try await resolve(try await id(of: "odd"), .accept, reason: .rounding))
        #expect(try await shop.differences() == ["amount_mismatch odd resolved"])
        let next = try await shop.reconcile("t", day: Shop.day.next, [])
        #expect(try await shop.settle(next).count == 1)
        // The channel's line: 503 less its fee of 1.9114, rounded to 2.
        #expect(try await shop.balance(.channelReceivable) == 503 - 2)
        #expect(try await shop.balance(.reconciliationDifference) == -3)
        #expect(try await shop.audit() == [])
    }

    @Test func overTheLimitAnotherPersonApproves() async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger", amount: 50_000)])
        let id = try await id(of: "stranger")
        #expect(try await !resolve(id, .writeOff, reason: .ourError))
        #expect(try await shop.differences() == ["channel_only stranger open"])
        #expect(try await shop.balance(.channelReceivable) == 0)
        await #expect(throws: DifferenceDecisions.Refusal.ownDecision(id)) {
            try await decide { try await $0.approve(id, in: $1) }
        }
        await #expect(throws: DifferenceDecisions.Refusal.waits(id, maker: "lina")) {
            try await resolve(id, .dismiss, as: "wang")
        }
        try await decide(as: "wang") { try await $0.approve(id, in: $1) }
        #expect(try await shop.balance(.channelReceivable) == 50_000 - 190)
        #expect(try await shop.audit() == [])
        let row = try #require(try await connection.run(LockDifference(id)).first)
        #expect(row.resolution == "write off by lina and wang: our error")
        #expect(row.decision?.maker == "lina" && row.decision?.checker == "wang")
        await #expect(throws: DifferenceDecisions.Refusal.self) { try await resolve(id, .dismiss) }
        let log = try await connection.texts(
            "select actor || ' ' || action from audit_log where subject = '\(id)' order by 1")
        #expect(log == ["lina difference.resolve", "wang difference.approve"])
    }

    @Test func theDatabaseItselfRefusesOnePersonOverTheLimit() async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger", amount: 50_000)])
        let id = try await id(of: "stranger")
        try await resolve(id, .writeOff)
        for change in [
            "status = 'applied'", "status = 'applied', decided_by = 'U1', decided_at = now()",
            "status = 'refused', decided_by = made_by, decided_at = now()",
        ] {
            await #expect(throws: PostgresError.self, "\(change)") {
                try await connection.execute("update difference_resolutions set \(change)")
            }
        }
    }

    @Test func aRefusedDecisionLeavesTheDifferenceAndAnotherCanBeMade() async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger", amount: 50_000)])
        let id = try await id(of: "stranger")
        try await resolve(id, .writeOff)
        try await decide(as: "wang") { try await $0.refuse(id, note: "not sure", in: $1) }
        #expect(try await shop.differences() == ["channel_only stranger open"])
        try await resolve(id, .dismiss, as: "wang", reason: .notOurs)
        try await decide { try await $0.approve(id, in: $1) }
        #expect(try await shop.balance(.channelReceivable) == 0)
        #expect(try await shop.audit() == [])
    }

    @Test func whatIsFoundPaidLaterIsMatchedAndTheDecisionReversed() async throws {
        try await shop.order("late", amount: 900)
        try await shop.reconcile("s", [Shop.trade(1, "late", amount: 900)])
        let id = try await id(of: "late")
        try await resolve(id, .writeOff)
        #expect(try await shop.balance(.reconciliationDifference) == -(900 - 3))
        try await shop.pay("late")
        let next = try await shop.reconcile("t", day: Shop.day.next, [])
        #expect(try await shop.balance(.reconciliationDifference) == 0)
        #expect(try await shop.settle(next).count == 1)
        #expect(try await shop.balance(.channelReceivable) == 900 - 3)
        #expect(try await shop.audit() == [])
    }

    @Test func aCorrectedStatementReversesWhatWasDecidedOnTheOldOne() async throws {
        try await shop.sell("odd", amount: 500)
        try await shop.reconcile("s", [Shop.trade(1, "odd", amount: 503)])
        try await resolve(try await id(of: "odd"), .accept)
        let corrected = try await shop.reconcile("s2", [Shop.trade(1, "odd", amount: 500)])
        #expect(try await shop.balance(.reconciliationDifference) == 0)
        #expect(try await shop.settle(corrected).count == 1)
        #expect(try await shop.balance(.channelReceivable) == 500 - 2)
        // Again: nothing is reversed twice.
        try await shop.reconcile("s3", [Shop.trade(1, "odd", amount: 500)])
        #expect(try await shop.balance(.reconciliationDifference) == 0)
        #expect(try await shop.audit() == [])
    }

    @Test func aDecisionWhoseOrderChangedIsntApproved() async throws {
        try await shop.order("late", amount: 50_000)
        try await shop.reconcile("s", [Shop.trade(1, "late", amount: 50_000)])
        let id = try await id(of: "late")
        try await resolve(id, .writeOff)
        try await shop.pay("late")
        await #expect(throws: DifferenceRefusal.becomesMatched) {
            try await decide(as: "wang") { try await $0.approve(id, in: $1) }
        }
        #expect(try await shop.balance(.reconciliationDifference) == 0)
    }

    @Test func anOrderPaidLaterWithAnotherAmountThanTheLineWrittenOffIsNamed() async throws {
        try await shop.order("late", amount: 900)
        try await shop.reconcile("s", [Shop.trade(1, "late", amount: 901)])
        try await resolve(try await id(of: "late"), .writeOff)
        #expect(try await shop.audit() == [])
        try await shop.pay("late")
        try await shop.reconcile("t", day: Shop.day.next, [])
        // Nobody decided that the merchant isn't paid for it.
        let breaches = try await shop.audit().map { "\($0.invariant) \($0.subject)" }
        #expect(breaches == ["paid_order_explained late"])
    }

    @Test func twoWhoDecideAtOnceMakeOneDecision() async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger", amount: 50_000)])
        let id = try await id(of: "stranger")
        let users = try await connection.run(AllUsers())
        let (limit, now) = (limit, Shop.noon)
        let (first, second) = (
            DifferenceDecisions(user: users[0], limit: limit, now: now),
            DifferenceDecisions(user: users[1], limit: limit, now: now)
        )
        let other = try await PostgresConnection.connect(url, logger: quiet)
        // A transaction reads pg_stat_activity once: each look has one of its own.
        let watcher = try await PostgresConnection.connect(url, logger: quiet)
        let waiting = try await connection.transaction { transaction in
            _ = try await first.resolve(
                id, .dismiss, reason: .notOurs, comment: "", in: transaction)
            // It has read the difference, and waits for its row as the first one commits.
            let waiting = Task {
                try await other.transaction {
                    try await second.resolve(
                        id, .writeOff, reason: .ourError, comment: "", in: $0)
                }
            }
            let isBlocked = """
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """
            try await eventually("the second waits for the first") {
                try await watcher.number(isBlocked) == 1
            }
            return waiting
        }
        await #expect(throws: DifferenceDecisions.Refusal.self) { _ = try await waiting.value }
        await other.close()
        await watcher.close()
        #expect(try await connection.number("select count(*) from difference_resolutions") == 1)
    }

    @Test func whoOnlyLooksWaitsForNobody() async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger")])
        let id = try await id(of: "stranger")
        let reader = try await PostgresConnection.connect(url, logger: quiet)
        try await reader.execute("set lock_timeout = '1s'")
        try await connection.transaction { transaction in
            _ = try await transaction.run(LockDifference(id))
            #expect(try await reader.run(DifferenceByID(id)).first?.orderNo == "stranger")
            // The lock is there: a second decision would wait for it.
            await #expect(throws: PostgresError.self) { try await reader.run(LockDifference(id)) }
        }
        await reader.close()
    }

    @Test func aReasonAndACommentAreReadable() async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger", amount: 100)])
        let id = try await id(of: "stranger")
        await #expect(throws: DifferenceDecisions.Refusal.commentMissing) {
            try await resolve(id, .dismiss, reason: .other)
        }
        await #expect(throws: DifferenceDecisions.Refusal.commentUnreadable) {
            try await resolve(id, .dismiss, comment: "a\u{0}b")
        }
        await #expect(throws: DifferenceDecisions.Refusal.unknown(999)) {
            try await resolve(999, .dismiss)
        }
        #expect(try await resolve(id, .dismiss, reason: .other, comment: "their test"))
    }

    @Test(arguments: [
        "update difference_resolutions set adjustment_fen = adjustment_fen + 1",
        "update difference_resolutions set stake_fen = stake_fen + 1",
        "update differences set channel_amount_fen = channel_amount_fen + 1",
        "update differences set channel_fee_fen = channel_fee_fen + 1",
        "update differences set status = 'open'",
        "update difference_resolutions set status = 'proposed'",
    ])
    func aPlantedFenIsFound(change: String) async throws {
        try await shop.reconcile("s", [Shop.trade(1, "stranger", amount: 600)])
        try await resolve(try await id(of: "stranger"), .writeOff)
        #expect(try await shop.audit() == [])
        try await connection.execute(change)
        let found = try await shop.audit().map(\.invariant)
        #expect(
            found.contains("difference_resolution") || found.contains("difference_journal"),
            "\(found)")
    }

    @Test func whatBecomesKnownAfterItsDayWasComparedIsReportedOnce() async throws {
        try await shop.order("late", amount: 700)
        try await shop.reconcile("s", [])
        // The payment is known a day later, of a moment of the compared day.
        try await shop.pay("late")
        let next = try await shop.reconcile("t", day: Shop.day.next, [])
        #expect(next.platformOnly == 1)
        #expect(try await shop.differences(of: Shop.day.next) == ["platform_only late open"])
        let third = try await shop.reconcile("u", day: Shop.day.next.next, [])
        #expect(third.platformOnly == 0)
    }

    /// Compares the day again, and settles what that matched.
    private func compareAgain() async throws -> Int? {
        let outcomes = try await connection.transaction {
            try await ReconciliationRun(day: Shop.day, now: Shop.noon).run(in: $0)
        }
        #expect(outcomes.count == 1)
        guard let completed = outcomes.first?.reconciliation else { return nil }
        try await shop.settle(completed)
        return completed.matched
    }

    @Test func comparingAgainMatchesAndSettlesWhatCameLateAndThenNothing() async throws {
        try await shop.sell("a")
        try await shop.order("late")
        try await shop.sell("odd", amount: 500)
        try await shop.settle(
            try await shop.reconcile(
                "s",
                [Shop.trade(1, "a"), Shop.trade(2, "late"), Shop.trade(3, "odd", amount: 501)]))
        #expect(try await compareAgain() == nil)
        try await shop.pay("late")
        #expect(try await compareAgain() == 1)
        #expect(try await compareAgain() == nil)
        try await resolve(try await id(of: "odd"), .accept)
        #expect(try await compareAgain() == 0)
        #expect(try await compareAgain() == nil)
        let settled = try await connection.texts(
            "select order_no from settlement_items order by order_no")
        #expect(settled == ["a", "late", "odd"])
        #expect(try await connection.number("select count(*) from settlements") == 3)
        #expect(try await shop.audit() == [])
    }

    @Test func ofSeveralVersionsOnlyTheNewestIsComparedAgain() async throws {
        try await shop.order("late")
        try await shop.reconcile("s1", [Shop.trade(1, "late", amount: 1)])
        try await shop.reconcile(
            "s2", at: Shop.noon.adding(seconds: 1), [Shop.trade(1, "late")])
        try await shop.pay("late")
        #expect(try await compareAgain() == 1)
        #expect(
            try await shop.connection.texts(
                "select matched_statement_id from orders") == ["s2"])
    }

    @Test func aDayThatWasNeverComparedIsntReportedWithLaterOnes() async throws {
        try await shop.sell("before", at: Shop.noon.adding(seconds: -86_400))
        let completed = try await shop.reconcile("s", [])
        #expect(completed.platformOnly == 0)
    }
}

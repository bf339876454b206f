import Events
import Foundation
import Payments
import Postgres
import TestApplications
import TestWaiting
import Testing

@testable import Store

/// Applications: who enters, who decides, and what an approved one becomes.
@Suite(.timeLimit(.minutes(2))) struct ApplicationTests {
    private let shop: Shop
    private let url: String
    private let sealer: Sealer
    private var connection: PostgresConnection { shop.connection }

    init() async throws {
        url = try await migratedDatabase()
        shop = try await Shop.open(at: url)
        sealer = try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        for (party, ppm) in [("P", 3_800), ("A1", 4_500), ("A2", 5_000)] as [(String, Int64)] {
            _ = try await connection.run(
                PutRate(
                    partyNo: party, product: .pc, rate: try Rate(ppm: ppm),
                    effectiveFrom: Shop.noon.adding(seconds: -1)))
        }
        let users: [(String, UserRole, String?)] = [
            ("lina", .operator, nil), ("wang", .reviewer, nil), ("boss", .agentAdmin, "A2"),
            ("other", .agentAdmin, "A1"),
        ]
        for (login, role, party) in users {
            _ = try await connection.run(
                InsertUser(
                    userNo: "U-" + login, login: login, role: role, partyNo: party,
                    passwordHash: "h", rule: .further, actor: "test", now: Shop.noon))
        }
    }

    private func act<Value: Sendable>(
        as login: String,
        _ body: @Sendable (Applications, PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let user = try #require(try await connection.run(UserByLogin(login)).first)
        let applications = Applications(user: user, sealer: sealer, now: Shop.noon)
        return try await connection.transaction { try await body(applications, $0) }
    }

    private func entry(
        _ kind: ApplicationKind = .merchant, below parentNo: String = "A2",
        login: String = "tea.shop", name: String = "杭州西湖茶叶有限公司",
        shortName: String = "西湖茶叶", ppm: Int64 = 6_000
    ) throws -> Applications.Entry {
        var form = try SampleApplication.form(name: name, shortName: shortName)
        form.rates = [.pc: try Rate(ppm: ppm)]
        return Applications.Entry(
            kind: kind, parentNo: parentNo, login: login, form: form,
            images: kind == .merchant ? try SampleApplication.images() : [])
    }

    private func enter(
        as login: String = "boss", _ entry: Applications.Entry
    ) async throws -> String {
        try await act(as: login) { try await $0.enter(entry, in: $1).applicationNo }
    }

    private func row(_ number: String) async throws -> ApplicationRow {
        try #require(try await connection.run(ApplicationByNo(number)).first)
    }

    /// Does the worker's steps as if the channel had answered each well.
    private func pass(_ number: String, upTo last: ApplicationMove) async throws {
        _ = try await connection.run(ScheduleApplications([number], now: Shop.noon))
        let job = try #require(
            try await connection.run(ClaimApplications(limit: 10, now: Shop.noon)).first)
        let outcome = StepOutcome(
            last, answer: "fine", blacklist: .clear, channelMerchantNo: "2088000000000101")
        let held = try await connection.run(
            CompleteApplicationStep(job, outcome, nextAt: Shop.noon, now: Shop.noon))
        #expect(held == [number])
        _ = try await connection.run(
            MoveApplication(applicationNo: number, to: last, now: Shop.noon))
    }

    @Test func anAgentIsOpenedByTwoPeople() async throws {
        let number = try await enter(as: "lina", try entry(.agent, below: "A1"))
        #expect(try await row(number).status == .inReview)
        let partyNo = try await act(as: "wang") {
            try await $0.approve(number, version: 1, in: $1)
        }
        let agentNo = try #require(partyNo)
        #expect(agentNo.hasPrefix("A1"))
        let active = try await row(number)
        #expect(active.status == .active && active.partyNo == agentNo)
        let party = try #require(
            try await connection.run(PartyList(partyNo: agentNo, limit: 1)).first)
        #expect(party.kind == .agent && party.parentNo == "A1")
        #expect(try await connection.run(RateHistory([agentNo])).map(\.rate.ppm) == [6_000])
        let user = try #require(try await connection.run(UserByLogin("tea.shop")).first)
        #expect(user.role == .agentAdmin && user.partyNo == agentNo)
        #expect(user.passwordHash == User.noPassword)
        let card = try await connection.texts(
            "select card_no_masked from settlement_cards where party_no = '\(agentNo)'")
        #expect(card == ["622202********4567"])
        let log = try await connection.texts(
            "select actor || ' ' || action from audit_log where subject = '\(number)' "
                + "order by audit_id")
        #expect(log == ["lina application.enter", "wang application.approve"])
    }

    @Test func whoEnteredItDoesNotDecideNotEvenInTheDatabase() async throws {
        let number = try await enter(as: "lina", try entry(.agent, below: "A1"))
        await #expect(throws: ApplicationRefusal.own(number)) {
            try await act(as: "lina") { try await $0.approve(number, version: 1, in: $1) }
        }
        let decisions = [
            "'\(number)', 1, 'U-lina', 'U-lina'", "'\(number)', 1, 'U-boss', 'U-lina'",
        ]
        for decision in decisions {
            await #expect(throws: PostgresError.self) {
                _ = try await connection.texts(
                    "insert into application_decisions (application_no, version, entered_by, "
                        + "decided_by, is_approved, note, decided_at) values (\(decision), true, "
                        + "'', now()) returning note")
            }
        }
    }

    @Test func aDecisionIsAboutTheVersionThatWasLookedAt() async throws {
        let number = try await enter(as: "lina", try entry(.agent, below: "A1"))
        var second = try SampleApplication.form(name: "又一家", shortName: "又一家")
        second.rates = [.pc: try Rate(ppm: 6_000)]
        second[.cardHolder] = "又一家"
        let corrected = second
        let version = try await act(as: "lina") {
            try await $0.correct(number, login: nil, form: corrected, images: [], in: $1).version
        }
        #expect(version == 2)
        await #expect(throws: ApplicationRefusal.version(number, newest: 2)) {
            try await act(as: "wang") { try await $0.approve(number, version: 1, in: $1) }
        }
        #expect(try await row(number).name == "又一家")
    }

    @Test func aMerchantGoesToTheChannelAndBecomesAParty() async throws {
        let entry = try entry()
        let (number, events) = try await act(as: "boss") { try await $0.enter(entry, in: $1) }
        #expect(events.map(\.topic) == ["merchants.applied"])
        let value = try #require(events.first?.value)
        let applied = try EventCodec.decode(MerchantApplied.self, from: value)
        #expect(applied.applicationNo == number && applied.agentNo == "A2")
        // What is personal isn't in the event.
        #expect(!String(decoding: value, as: UTF8.self).contains("王小茶"))
        try await pass(number, upTo: .toReview)
        #expect(try await row(number).blacklist == .clear)
        _ = try await act(as: "wang") { try await $0.approve(number, version: 1, in: $1) }
        #expect(try await row(number).step == .images)
        try await pass(number, upTo: .on(.activate))
        let application = try await row(number)
        let merchantNo = try await connection.transaction { transaction in
            try await Activation(
                application: application, form: entry.form, actor: "onboarding", sealer: sealer,
                now: Shop.noon
            ).run(channelMerchantNo: "2088000000000101", in: transaction)
        }
        #expect(try await row(number).status == .active)
        let stored = try await connection.texts(
            "select channel_merchant_no from parties where party_no = '\(merchantNo)'")
        #expect(stored == ["2088000000000101"])
        #expect(try await connection.run(PathOfParty(merchantNo)) == [merchantNo, "A2", "A1", "P"])
        let history = try await connection.run(ApplicationHistory(number)).map(\.what)
        #expect(history.first == "entered" && history.contains("approved"))
    }

    @Test func formsAndImagesAreSealed() async throws {
        let number = try await enter(try entry())
        let leaks = try await connection.texts(
            "select application_no from application_versions "
                + "where position(convert_to('王小茶', 'UTF8') in form_sealed) > 0 "
                + "union all select kind from application_images "
                + "where position('\\xffd8ffe0'::bytea in content_sealed) > 0")
        #expect(leaks == [])
        let sealed = SealedApplication(number, sealer: sealer)
        let form = try await connection.transaction { try await sealed.form(version: 1, in: $0) }
        #expect(form[.legalPersonName] == "王小茶")
        let images = try await connection.run(
            ApplicationImagesOf(number, version: 1, readsContent: true))
        #expect(try images.map { try sealed.image($0).kind } == [.idBack, .idFront, .license])
    }

    @Test func anAgentEntersAndSeesOnlyBelowItself() async throws {
        await #expect(throws: ApplicationRefusal.parent("A1", "there is no such party")) {
            _ = try await enter(as: "boss", try entry(below: "A1"))
        }
        let number = try await enter(as: "boss", try entry())
        // A1 is above A2; A2 itself sees nothing that is entered below A1.
        let below = try await connection.run(ApplicationList(root: "A1", limit: 10))
        #expect(below.map(\.applicationNo) == [number])
        let form = try SampleApplication.form()
        let hidden = try await enter(
            as: "other", try entry(below: "A1", login: "b.shop", shortName: "b"))
        await #expect(throws: ApplicationRefusal.unknown(hidden)) {
            _ = try await act(as: "boss") {
                try await $0.correct(hidden, login: nil, form: form, images: [], in: $1).version
            }
        }
    }

    @Test func whatIsWrongIsNamedByItsField() async throws {
        _ = try await enter(try entry())
        func fields(_ entry: Applications.Entry) async -> [ApplicationField] {
            do {
                _ = try await enter(entry)
            } catch ApplicationRefusal.fields(let problems) {
                return problems.map(\.field)
            } catch {
                Issue.record("\(error)")
            }
            return []
        }
        #expect(await fields(try entry(shortName: "b")) == [.login])
        #expect(await fields(try entry(login: "b.shop")) == [.licenseNo])
        #expect(await fields(try entry(login: "x", shortName: "b")) == [.login])
        // A2 is charged 5,000 ppm itself.
        let low = try entry(login: "b.shop", shortName: "b", ppm: 4_999)
        #expect(await fields(low) == [.rates])
        await #expect(throws: ApplicationRefusal.parent("M1", "it is a merchant, active")) {
            _ = try await enter(as: "lina", try entry(below: "M1"))
        }
        let whole = try entry(login: "b.shop", shortName: "b")
        let bare = Applications.Entry(
            kind: .merchant, parentNo: "A2", login: "b.shop", form: whole.form, images: [])
        #expect(await fields(bare) == [.images, .images, .images])
    }

    @Test func twoWhoEnterTheSameCompanyAtOnceMakeOneApplication() async throws {
        let entry = try entry()
        let user = try #require(try await connection.run(UserByLogin("boss")).first)
        let applications = Applications(user: user, sealer: sealer, now: Shop.noon)
        let other = try await PostgresConnection.connect(url, logger: quiet)
        // A transaction reads pg_stat_activity once: each look has one of its own.
        let watcher = try await PostgresConnection.connect(url, logger: quiet)
        let waiting = try await connection.transaction { transaction in
            _ = try await applications.enter(entry, in: transaction)
            let waiting = Task {
                try await other.transaction { try await applications.enter(entry, in: $0) }
            }
            try await eventually("the second waits for the first") {
                try await watcher.number(
                    "select count(*) from pg_stat_activity "
                        + "where datname = current_database() and wait_event_type = 'Lock'") == 1
            }
            return waiting
        }
        await #expect(throws: ApplicationRefusal.self) { _ = try await waiting.value }
        await other.close()
        await watcher.close()
        #expect(try await connection.number("select count(*) from applications") == 1)
    }

    @Test func aRefusedOneIsCorrectedAndKeepsItsImages() async throws {
        let number = try await enter(try entry())
        try await pass(number, upTo: .toReview)
        let problem = FieldProblem(.cardNo, "it is a credit card")
        let events = try await act(as: "wang") {
            try await $0.refuse(
                number, version: 1, reason: "the card", fields: [problem], in: $1)
        }
        #expect(events.map(\.topic) == ["merchants.reviewed"])
        let refused = try await row(number)
        #expect(refused.refusal == "the card" && refused.refusedFields == [problem])
        let form = try entry().form
        _ = try await act(as: "boss") {
            try await $0.correct(number, login: nil, form: form, images: [], in: $1).version
        }
        let again = try await row(number)
        #expect(again.status == .checking && again.version == 2 && again.refusal == nil)
        #expect(
            try await connection.run(ApplicationImagesOf(number, version: 2, readsContent: true))
                .count == 3)
    }

    @Test func anOldStepOfAnEarlierVersionStoresNothing() async throws {
        let number = try await enter(try entry())
        _ = try await connection.run(ScheduleApplications([number], now: Shop.noon))
        let job = try #require(
            try await connection.run(ClaimApplications(limit: 1, now: Shop.noon)).first)
        // Its lease is held: nobody else claims it.
        #expect(try await connection.run(ClaimApplications(limit: 1, now: Shop.noon)).isEmpty)
        let outcome = StepOutcome(.toReview, answer: "late")
        let stale = ClaimApplications.Row(
            applicationNo: number, version: 1, step: job.step, attempt: job.attempt - 1,
            parentNo: "A2")
        let held = try await connection.run(
            CompleteApplicationStep(stale, outcome, nextAt: Shop.noon, now: Shop.noon))
        #expect(held.isEmpty)
        #expect(try await connection.run(ApplicationHistory(number)).map(\.what) == ["entered"])
    }

    @Test func aLoginThatWasTakenMeanwhileStopsTheActivation() async throws {
        let number = try await enter(as: "lina", try entry(.agent, below: "A1"))
        _ = try await connection.run(
            InsertUser(
                userNo: "U9", login: "tea.shop", role: .finance, partyNo: nil, passwordHash: "h",
                rule: .further, actor: "test", now: Shop.noon))
        await #expect(throws: ApplicationRefusal.self) {
            try await act(as: "wang") { try await $0.approve(number, version: 1, in: $1) }
        }
        #expect(try await row(number).status == .inReview)
        #expect(try await connection.run(ApplicationHistory(number)).count == 1)
    }
}

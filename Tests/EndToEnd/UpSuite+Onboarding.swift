import Events
import Foundation
import Kafka
import Payments
import Postgres
import Store
import TestApplications
import TestStack
import TestWaiting
import Testing

extension OutsideTests.UpSuite {
    /// From what an agent enters to a merchant with a number, a card and a login: through the
    /// broker, the onboarding role and the channel's gateway.
    @Test func anApplicationBecomesAMerchantOfTheChannel() async throws {
        let entry = Applications.Entry(
            kind: .merchant, parentNo: "A1001", login: "west.lake",
            form: try SampleApplication.form(), images: try SampleApplication.images())
        let number = try await act(as: "operator") { applications, transaction in
            let (number, events) = try await applications.enter(entry, in: transaction)
            return (events, number)
        }
        try await reach(number, "in_review")
        _ = try await act(as: "reviewer") {
            ([], try await $0.approve(number, version: 1, in: $1))
        }
        // The channel audits twenty seconds, twice; a step that waits is done again after thirty.
        try await reach(number, "active")
        let stored = try await stack.texts(
            "select concat_ws(' ', p.kind, p.parent_no, p.channel_merchant_no like '2088%', "
                + "c.card_no_masked, u.role) from applications a join parties p using (party_no) "
                + "join settlement_cards c using (party_no) join users u using (party_no) "
                + "where a.application_no = '\(number)'")
        #expect(stored == ["merchant A1001 t 622202********4567 merchant"])
        // What people are shown has no personal data.
        let shown = try await stack.tally("applications", "show", number)
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("status: active"), "\(shown.output)")
        #expect(!shown.output.contains("王小茶") && !shown.output.contains("6222021202001234567"))
        let listed = try await stack.tally("applications", "list", "--status", "active", "--json")
        #expect(listed.output.contains(number), "\(listed.output)")
    }

    @Test func aListedCompanyIsRefusedAndNobodyUnprovenDecides() async throws {
        let entry = Applications.Entry(
            kind: .merchant, parentNo: "A1001", login: "listed",
            form: try SampleApplication.form(name: "黑名单公司", shortName: "黑"),
            images: try SampleApplication.images())
        let number = try await act(as: "operator") { applications, transaction in
            let (number, events) = try await applications.enter(entry, in: transaction)
            return (events, number)
        }
        try await reach(number, "refused")
        let shown = try await stack.tally("applications", "show", number)
        #expect(shown.output.contains("legal_person_id_no"), "\(shown.output)")
        let unproven = try await stack.tally(
            "applications", "approve", number, "--version", "1")
        #expect(unproven.status == 2, "\(unproven.errors)")
    }

    @Test func anEventOfAnApplicationThatIsNotThereIsADeadLetter() async throws {
        let event = MerchantApplied.make(
            "AP-NOT-THERE", agentNo: "A1001", rates: [.pc: try Rate(ppm: 6_000)], at: .now)
        try await stack.publish([
            ProducerRecord(
                topic: MerchantApplied.topic, key: Array(event.key.utf8), value: try event.json())
        ])
        try await eventually("it is a dead letter") {
            try await stack.texts(
                "select reason from dead_letters where origin_topic = 'merchants.applied'")
                == ["application_unknown"]
        }
    }

    private func reach(_ number: String, _ status: String) async throws {
        try await eventually("\(number) is \(status)", within: .seconds(300)) {
            try await stack.texts(
                "select status from applications where application_no = '\(number)'") == [status]
        }
    }

    private func act<Value: Sendable>(
        as login: String,
        _ body:
            @Sendable (Applications, PostgresTransaction) async throws -> (
                [OutgoingEvent], Value
            )
    ) async throws -> Value {
        let key = try #require(try stack.endpoints.settings()["TALLY_MASTER_KEY"])
        let sealer = try Sealer(masterKey: key)
        let connection = try await PostgresConnection.connect(
            stack.endpoints.databaseUrl, applicationName: "onboarding-test", logger: quiet)
        let user = try #require(try await connection.run(UserByLogin(login)).first)
        let applications = Applications(user: user, sealer: sealer, now: .now)
        let (events, value) = try await connection.transaction {
            try await body(applications, $0)
        }
        await connection.close()
        try await stack.publish(
            events.map { ProducerRecord(topic: $0.topic, key: $0.key, value: $0.value) })
        return value
    }
}

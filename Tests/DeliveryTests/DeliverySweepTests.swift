import Events
import Foundation
import Logging
import Payments
import Postgres
import Store
import TestReceivers
import TestServices
import TestWaiting
import Testing
import WorkerRuntime

@testable import Delivery

/// Claims and performs on a real database, with receivers on loopback.
@Suite(.timeLimit(.minutes(2))) struct DeliverySweepTests {
    private let connection: PostgresConnection
    private let pool: PostgresPool
    private let sealer: Sealer
    private let clock = SystemClock()

    init() async throws {
        let quiet = Logger(label: "delivery-tests") { _ in SwiftLogNoOpLogHandler() }
        let url = try await TestServices.shared.freshDatabase(like: "migrated-deliveries") { url in
            let connection = try await PostgresConnection.connect(url, logger: quiet)
            try await Migrator().migrate(connection)
            await connection.close()
        }
        connection = try await PostgresConnection.connect(url, logger: quiet)
        pool = PostgresPool(url: url, size: 4, patience: .seconds(20), logger: quiet)
        sealer = try Sealer(masterKey: Data(repeating: 7, count: 32).base64EncodedString())
        try await add("P", .platform, under: nil)
        for partyNo in ["M1", "M2", "M3"] { try await add(partyNo, .merchant, under: "P") }
        try await connection.execute(
            """
            insert into orders (order_no, merchant_no, merchant_order_no, product, amount_fen,
                subject, content_digest, channel, app_id, seller_id, chain_party_nos,
                chain_rates_ppm, merchant_fee_fen, channel_fee_fen, agent_share_fen,
                platform_share_fen, status, version, submission_id, accepted_event_id,
                accepted_at, expires_at, paid_at)
            values ('a', 'M1', 'a', 'PC', 100, 's', '', 'alipay', 'app', 'seller', '{P,M1}',
                '{3800,6000}', 0, 0, 0, 0, 'paid', 2, gen_random_uuid(), gen_random_uuid(),
                now(), now(), now())
            """)
    }

    private func add(_ partyNo: String, _ kind: PutParty.Kind, under parentNo: String?) async throws
    {
        try await connection.run(
            PutParty(
                partyNo: partyNo, kind: kind, parentNo: parentNo, name: partyNo,
                callbackURL: nil, requiresAgentSignatures: false))
    }

    private func addSecret(_ partyNo: String) async throws {
        let context = PutSigningKey.sealContext(partyNo: partyNo, keyVersion: 1)
        try await connection.run(
            PutSigningKey(
                partyNo: partyNo, keyVersion: 1, signType: .hmacSHA256,
                secretSealed: sealer.seal("s", context: context), publicKeyPEM: nil))
    }

    private func due(_ count: Int, to partyNo: String, at url: String) async throws {
        try await connection.execute(
            """
            insert into deliveries (delivery_id, event_id, order_no, party_no, event_type,
                refund_no, url, receiver, created_at, next_attempt_at)
            select gen_random_uuid(), gen_random_uuid(), 'a', '\(partyNo)', 'order.paid',
                n::text, '\(url)', 'r', now(), now() - interval '1 hour'
            from generate_series(1, \(count)) as n
            """)
    }

    private func sweep() throws -> DeliverySweep {
        DeliverySweep(
            pool: pool, directory: Directory(sealer: sealer),
            platformKeys: PlatformKeys(sealer: sealer),
            sender: try DeliverySender(timeLimit: .seconds(60), allowsPrivateAddresses: true),
            clock: clock, logger: Logger(label: "delivery-tests") { _ in SwiftLogNoOpLogHandler() })
    }

    private func claim(_ sweep: DeliverySweep) async throws -> [DeliverySweep.Job] {
        try await sweep.claim(limit: 256, now: clock.now(), on: connection)
    }

    private func statuses(of partyNo: String) async throws -> [String] {
        try await connection.execute(
            "select status from deliveries where party_no = '\(partyNo)' and attempt > 0"
        ).map { try $0.text(0) }
    }

    @Test func aHangingReceiversBacklogTakesItsShareAndOthersAreDelivered() async throws {
        for partyNo in ["M1", "M2"] { try await addSecret(partyNo) }
        let hanging = try await RawReceiver.start(.bytes(""))
        let healthy = try await RawReceiver.start(.bytes(RawReceiver.success), host: "127.0.0.2")
        try await due(500, to: "M1", at: hanging.url)
        try await due(20, to: "M2", at: healthy.url)
        let sweep = try sweep()
        try await withThrowingTaskGroup(of: Void.self) { group in
            func begin() async throws -> [String] {
                let jobs = try await claim(sweep)
                for job in jobs { group.addTask { try? await sweep.perform(job) } }
                return jobs.map(\.delivery.partyNo)
            }
            // One claim of 256 rows takes four of the party whose backlog is 500.
            #expect(try await begin().count { $0 == "M1" } == ReceiverWindows.firstWindow)
            try await eventually("every delivery to the healthy one is acknowledged") {
                #expect(try await !begin().contains("M1"))
                return try await statuses(of: "M2") == Array(repeating: "acknowledged", count: 20)
            }
            #expect(try await statuses(of: "M1") == Array(repeating: "pending", count: 4))
            group.cancelAll()
        }
        await hanging.stop()
        await healthy.stop()
        await pool.close()
    }

    @Test func aPartyWithPublicKeysAloneVerifiesWithThePlatformsKey() async throws {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        let pem = try String(
            contentsOf: folder.appendingPathComponent("Vectors/keys/app_public.pem"),
            encoding: .utf8)
        try await connection.run(
            PutSigningKey(
                partyNo: "M3", keyVersion: 1, signType: .rsa2, secretSealed: nil,
                publicKeyPEM: pem))
        let receiver = try await RawReceiver.start(.bytes(RawReceiver.success))
        try await due(1, to: "M3", at: receiver.url)
        let sweep = try sweep()
        for job in try await claim(sweep) { try await sweep.perform(job) }
        #expect(try await statuses(of: "M3") == ["acknowledged"])
        let body = try #require(receiver.received.components(separatedBy: "\r\n\r\n").last)
        let fields = try EventCodec.decode(RequestFields.self, from: Array(body.utf8))
        #expect(fields["sign_type"] == .text("RSA2"))
        let published = try await connection.run(PlatformKeyRows())
        let key = try SigningKey(publicPEM: try #require(published.first).publicKeyPEM)
        let sign = try #require(fields["sign"]?.signedText)
        #expect(key.verify(sign, over: fields.stringToSign()))
        await receiver.stop()
        await pool.close()
    }

    @Test func aPartyWithoutAKeyHasItsReasonInTheAttempt() async throws {
        try await due(1, to: "M1", at: "http://127.0.0.1:9/")
        let sweep = try sweep()
        for job in try await claim(sweep) { try await sweep.perform(job) }
        let error = try await connection.execute("select error from delivery_attempts")[0].text(0)
        #expect(error.contains("M1 has no key in force"))
        await pool.close()
    }
}

import Foundation
import Payments
import Postgres
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(2))) struct DirectoryTests {
    private let shop: Shop
    private let sealer: Sealer
    private let directory: Directory

    init() async throws {
        shop = try await Shop.open()
        sealer = try Sealer(masterKey: Data(repeating: 7, count: 32).base64EncodedString())
        directory = Directory(sealer: sealer)
        for (partyNo, ppm) in [("P", 3_800), ("A1", 4_500), ("A2", 5_000), ("M1", 6_000)] {
            try await setRate(of: partyNo, Int64(ppm), from: Timestamp(microseconds: 0))
        }
    }

    private func setRate(of partyNo: String, _ ppm: Int64, from: Timestamp) async throws {
        try await shop.connection.run(
            PutRate(partyNo: partyNo, product: .pc, rate: Rate(ppm: ppm), effectiveFrom: from))
    }

    private func entry(_ partyNo: String) async throws -> Directory.Entry? {
        try await shop.connection.transaction { transaction in
            try await directory.entries(of: [partyNo], in: transaction)[partyNo]
        }
    }

    private func addKey(_ version: Int32, _ signType: SignType, secret: String) async throws {
        let context = PutSigningKey.sealContext(partyNo: "M1", keyVersion: version)
        try await shop.connection.run(
            PutSigningKey(
                partyNo: "M1", keyVersion: version, signType: signType,
                secretSealed: sealer.seal(secret, context: context), publicKeyPEM: nil))
    }

    @Test func anEntryIsThePartyWithItsChain() async throws {
        let entry = try #require(try await entry("M1"))
        #expect(entry.isMerchant)
        #expect(entry.isActive)
        #expect(entry.platformNo == "P")
        #expect(entry.agentNos == ["A2", "A1"])
        let chain = try #require(try entry.chain(of: .pc, at: Shop.noon))
        #expect(chain == (try Shop.chain(of: "M1")))
        // Nobody has a rate for this one.
        #expect(try entry.chain(of: .app, at: Shop.noon) == nil)
    }

    @Test func aRateChangeIsSeenByTheNextTransaction() async throws {
        _ = try await entry("M1")
        try await setRate(of: "M1", 7_000, from: Shop.noon)
        let entry = try #require(try await entry("M1"))
        #expect(try entry.chain(of: .pc, at: Shop.noon)?.merchantRate.ppm == 7_000)
        let before = Timestamp(microseconds: Shop.noon.microseconds - 1)
        #expect(try entry.chain(of: .pc, at: before)?.merchantRate.ppm == 6_000)
    }

    @Test func ratesThatFallDownTheChainAreRefused() async throws {
        // Stored before the database refused them.
        try await shop.connection.execute("alter table rates disable trigger rates_in_order")
        try await setRate(of: "A2", 6_500, from: Shop.noon)
        let entry = try #require(try await entry("M1"))
        #expect(throws: PartyChainError.self) { try entry.chain(of: .pc, at: Shop.noon) }
    }

    @Test func whoeverIsSuspendedSuspendsAllBelow() async throws {
        #expect(try await entry("M1")?.isActive == true)
        try await shop.connection.execute(
            "update parties set status = 'suspended' where party_no = 'A1'")
        #expect(try await entry("M1")?.isActive == false)
        #expect(try await entry("M2")?.isActive == true)
    }

    @Test func anUnknownPartyIsFoundOnceItIsThere() async throws {
        #expect(try await entry("M9") == nil)
        #expect(try await entry("M9") == nil)
        try await shop.add("M9", .merchant, under: "P")
        #expect(try await entry("M9")?.agentNos == [])
    }

    @Test func keysRotateWithOverlapAndRetire() async throws {
        try await addKey(1, .md5, secret: "old")
        try await addKey(2, .md5, secret: "new")
        try await addKey(2, .hmacSHA256, secret: "other")
        var seen = try #require(try await entry("M1"))
        for (version, secret) in [(1, "old"), (2, "new")] {
            let key = try #require(seen.key(.md5, version: version))
            let expected = try SigningKey(signType: .md5, secret: secret)
            #expect(key.verify(try expected.sign("text"), over: "text"))
        }
        #expect(seen.key(.md5, version: 3) == nil)
        #expect(seen.key(.rsa2, version: 1) == nil)
        #expect(seen.deliveryKey?.version == 2)
        #expect(seen.deliveryKey?.signType == .hmacSHA256)
        try await shop.connection.execute(
            "update signing_keys set retired_at = now() where key_version = 1")
        seen = try #require(try await entry("M1"))
        #expect(seen.key(.md5, version: 1) == nil)
        #expect(seen.keys.count == 2)
    }

    @Test func aKeysFirstUseIsRecordedOnceAndSeenAtOnce() async throws {
        try await addKey(1, .md5, secret: "old")
        try await addKey(2, .md5, secret: "new")
        #expect(try await entry("M1")?.isFirstUse(.md5, version: 2) == true)
        #expect(try await entry("M1")?.deliveryKey?.version == 1)
        let use = RecordKeyUse.Use(partyNo: "M1", signType: .md5, version: 2)
        #expect(try await shop.connection.runCount(RecordKeyUse([use], now: Shop.noon)) == 1)
        #expect(try await shop.connection.runCount(RecordKeyUse([use], now: Shop.noon)) == 0)
        #expect(try await entry("M1")?.isFirstUse(.md5, version: 2) == false)
        #expect(try await entry("M1")?.deliveryKey?.version == 2)
    }

    @Test func thePlatformsKeyIsMadeOnceAndSigns() async throws {
        let keys = PlatformKeys(sealer: sealer)
        let (signing, published) = try await shop.connection.transaction { transaction in
            (
                try await keys.signing(at: Shop.noon, in: transaction),
                try await keys.published(at: Shop.noon, in: transaction)
            )
        }
        #expect(published.map(\.version) == [1])
        #expect(signing.version == 1)
        let row = try #require(published.first)
        let publicKey = try SigningKey(publicPEM: row.publicKeyPEM)
        #expect(publicKey.verify(try signing.key.sign("text"), over: "text"))
        let again = try await shop.connection.transaction { transaction in
            try await keys.signing(at: Shop.noon, in: transaction)
        }
        #expect(publicKey.verify(try again.key.sign("other"), over: "other"))
    }
}

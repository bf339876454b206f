import Foundation
import Payments
import Postgres
import Testing

@testable import Store

/// What operators do to parties and keys, and what it means for the next order.
@Suite(.timeLimit(.minutes(2))) struct PartyAdministrationTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }
    private let directory: Directory

    init() async throws {
        shop = try await Shop.open()
        directory = Directory(
            sealer: try Sealer(masterKey: Data(repeating: 7, count: 32).base64EncodedString()))
    }

    private func isActive(_ partyNo: String) async throws -> Bool? {
        try await connection.transaction { transaction in
            try await directory.entries(of: [partyNo], in: transaction)[partyNo]?.isActive
        }
    }

    private func freeze(_ partyNo: String, _ isFrozen: Bool) async throws -> Int {
        try await connection.run(
            SetPartyStatus(
                partyNo: partyNo, isFrozen: isFrozen, actor: "li", reason: "r", now: Shop.noon)
        ).count
    }

    @Test func freezingAnAgentStopsAllBelowItFromTheNextOrderOn() async throws {
        #expect(try await isActive("M1") == true)
        #expect(try await freeze("A1", true) == 1)
        for partyNo in ["A1", "A2", "M1", "M3"] {
            #expect(try await isActive(partyNo) == false, "\(partyNo)")
        }
        #expect(try await isActive("M2") == true)
        let shown = try await connection.run(PartyList(partyNo: "M1", limit: 1))
        #expect(shown.map(\.frozenBy) == ["A1"] && shown.map(\.status) == ["active"])
        // A party below that is frozen itself stays so.
        #expect(try await freeze("M3", true) == 1)
        #expect(try await freeze("A1", false) == 1)
        #expect(try await isActive("M1") == true)
        #expect(try await isActive("M3") == false)
        // What changes nothing isn't written down.
        #expect(try await freeze("A1", false) == 0)
        #expect(
            try await connection.texts("select action || ' ' || subject from audit_log")
                == ["party.freeze A1", "party.freeze M3", "party.thaw A1"])
    }

    @Test func aPartyIsAddedOnceBelowThePlatformOrAnAgent() async throws {
        func add(_ partyNo: String, under parentNo: String) async throws -> Int {
            try await connection.run(
                AddParty(
                    PutParty(
                        partyNo: partyNo, kind: .merchant, parentNo: parentNo, name: "n",
                        callbackURL: nil, requiresAgentSignatures: false), actor: "li",
                    now: Shop.noon)
            ).count
        }
        #expect(try await add("M9", under: "A2") == 1)
        #expect(try await add("M9", under: "A1") == 0)
        #expect(try await add("M8", under: "M1") == 0)
        #expect(try await add("M8", under: "nobody") == 0)
        #expect(try await connection.run(PathOfParty("M9")) == ["M9", "A2", "A1", "P"])
        #expect(try await connection.number("select count(*) from audit_log") == 1)
    }

    @Test func aRevokedKeyIsGoneAtOnceAndIsRevokedOnce() async throws {
        let sealer = try Sealer(
            masterKey: Data(repeating: 7, count: 32).base64EncodedString())
        for version in [1, 2] as [Int32] {
            try await connection.run(
                PutSigningKey(
                    partyNo: "M1", keyVersion: version, signType: .hmacSHA256,
                    secretSealed: sealer.seal(
                        "secret",
                        context: PutSigningKey.sealContext(
                            partyNo: "M1", keyVersion: version)), publicKeyPEM: nil))
        }
        func versions() async throws -> [Int] {
            try await connection.transaction { transaction in
                try await directory.entries(of: ["M1"], in: transaction)["M1"]?.keys
                    .map(\.version) ?? []
            }
        }
        #expect(try await versions() == [1, 2])
        let revoke = RevokeKey(
            partyNo: "M1", signType: .hmacSHA256, version: 1, now: Shop.noon)
        #expect(try await connection.run(revoke) == [1])
        #expect(try await versions() == [2])
        #expect(try await connection.run(revoke).isEmpty)
        let shown = try await connection.run(KeyList("M1"))
        #expect(shown.map(\.retiredAt) == [Shop.noon, nil])
    }
}

import Foundation
import Payments
import Postgres
import Testing

@testable import Store

/// A master key is proved on the database's own canary before anything is processed with it.
@Suite(.timeLimit(.minutes(1))) struct MasterKeyCanaryTests {
    private let right = Self.key(1)
    private let other = Self.key(2)

    private static func key(_ byte: UInt8) -> String {
        Data(repeating: byte, count: 32).base64EncodedString()
    }

    @Test func theFirstKeyOfAnEmptyDatabaseIsItsKey() async throws {
        let connection = try await migratedConnection()
        #expect(try await opens(right, connection))
        #expect(try await opens(right, connection))
        #expect(try await !opens(other, connection))
        await connection.close()
    }

    @Test func aDatabaseWithSecretsTakesNoOtherKey() async throws {
        let connection = try await migratedConnection()
        _ = try await connection.run(
            PutParty(
                partyNo: "P1", kind: .platform, parentNo: nil, name: "p", callbackURL: nil,
                requiresAgentSignatures: false))
        let context = PutSigningKey.sealContext(partyNo: "P1", keyVersion: 1)
        _ = try await connection.run(
            PutSigningKey(
                partyNo: "P1", keyVersion: 1, signType: .md5,
                secretSealed: try Sealer(masterKey: right).seal("s", context: context),
                publicKeyPEM: nil))
        #expect(try await !opens(other, connection))
        #expect(try await opens(right, connection))
        #expect(try await !opens(other, connection))
        await connection.close()
    }

    @Test func aDatabaseWithASettlementCardTakesNoOtherKey() async throws {
        let connection = try await migratedConnection()
        _ = try await connection.run(
            PutParty(
                partyNo: "P1", kind: .platform, parentNo: nil, name: "p", callbackURL: nil,
                requiresAgentSignatures: false))
        let context = PutSettlementCard.sealContext(partyNo: "P1")
        let sealed = try Sealer(masterKey: right).seal("n", context: context)
        _ = try await connection.run(
            PutSettlementCard(
                partyNo: "P1", payeeNameSealed: sealed, cardNoSealed: sealed,
                cardNoMasked: "6222"))
        #expect(try await !opens(other, connection))
        #expect(try await opens(right, connection))
        await connection.close()
    }

    private func opens(_ key: String, _ connection: PostgresConnection) async throws -> Bool {
        try await MasterKeyCanary.opens(with: try Sealer(masterKey: key), on: connection)
    }
}

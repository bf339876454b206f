import Foundation
import Payments
public import Postgres
import Store

/// A platform, an agent and merchants, who sign with MD5 and sell WAP orders.
public struct SmallBusiness: Sendable {
    /// Every merchant's secret, of key version 1.
    public static let secret = "a merchant's secret of the crash tests"
    /// The secret of their agent, `A1`.
    public static let agentSecret = "an agent's secret of the crash tests"

    /// The merchants' party numbers.
    public let merchantNos: [String]
    /// What seals the merchants' secrets: 32 random bytes in base64.
    public let masterKey = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
        .base64EncodedString()

    /// A business of so many merchants: `M301`, `M302`, …
    public init(merchants count: Int) { merchantNos = (1...count).map { "M\(300 + $0)" } }

    /// Puts the parties, their rates and keys into a migrated database.
    public func add(to database: PostgresConnection) async throws {
        let sealer = try Sealer(masterKey: masterKey)
        try await database.transaction { transaction in
            try await add("P1", .platform, under: nil, ppm: 3_800, in: transaction)
            try await add("A1", .agent, under: "P1", ppm: 4_800, in: transaction)
            try await addKey(Self.agentSecret, of: "A1", sealer, in: transaction)
            for number in merchantNos {
                try await add(number, .merchant, under: "A1", ppm: 6_000, in: transaction)
                try await addKey(Self.secret, of: number, sealer, in: transaction)
            }
        }
    }

    private func addKey(
        _ secret: String, of partyNo: String, _ sealer: Sealer,
        in transaction: PostgresTransaction
    ) async throws {
        let context = PutSigningKey.sealContext(partyNo: partyNo, keyVersion: 1)
        _ = try await transaction.run(
            PutSigningKey(
                partyNo: partyNo, keyVersion: 1, signType: .md5,
                secretSealed: try sealer.seal(secret, context: context), publicKeyPEM: nil))
    }

    private func add(
        _ partyNo: String, _ kind: PutParty.Kind, under parentNo: String?, ppm: Int64,
        in transaction: PostgresTransaction
    ) async throws {
        _ = try await transaction.run(
            PutParty(
                partyNo: partyNo, kind: kind, parentNo: parentNo, name: partyNo,
                callbackURL: nil, requiresAgentSignatures: false))
        _ = try await transaction.run(
            PutRate(
                partyNo: partyNo, product: .wap, rate: try Rate(ppm: ppm),
                effectiveFrom: Timestamp(microseconds: 1_700_000_000_000_000)))
    }
}

import Payments
import Postgres
import Simulator
import Store

/// Writes the simulator's sample parties into a database, as onboarding would.
struct SampleBusiness {
    let parties: SampleParties
    let keys: SampleKeys
    /// Where the parties' systems listen.
    let receivers: String

    // Long before any played day.
    private static let since = Timestamp(microseconds: 1_700_000_000_000_000)

    func write(to connection: PostgresConnection, sealer: Sealer) async throws {
        try await connection.transaction { transaction in
            for party in parties.parties {
                try await write(party, sealer, in: transaction)
            }
        }
    }

    private func write(
        _ party: SampleParty, _ sealer: Sealer, in transaction: PostgresTransaction
    ) async throws {
        let kind: PutParty.Kind =
            switch party.kind {
            case .platform: .platform
            case .agent: .agent
            case .merchant: .merchant
            }
        _ = try await transaction.run(
            PutParty(
                partyNo: party.partyNo, kind: kind, parentNo: party.parentNo, name: party.name,
                callbackURL: party.callbackPath.map { receivers + $0 },
                requiresAgentSignatures: party.ordersThroughAgents))
        for product in Product.allCases {
            // The platform's own rate is what the channel charges.
            let ppm =
                party.kind == .platform ? parties.channelRatePPM : party.rate(for: product)
            guard let ppm else { continue }
            _ = try await transaction.run(
                PutRate(
                    partyNo: party.partyNo, product: product, rate: try Rate(ppm: ppm),
                    effectiveFrom: Self.since))
        }
        for key in party.keys { try await write(key, of: party, sealer, in: transaction) }
        if let card = party.settlementCard {
            _ = try await transaction.run(
                PutSettlementCard(
                    partyNo: party.partyNo, payeeName: card.payeeName, cardNo: card.cardNo,
                    masked: card.cardNo.prefix(6) + "******" + card.cardNo.suffix(4),
                    sealer: sealer))
        }
    }

    private func write(
        _ key: SampleKey, of party: SampleParty, _ sealer: Sealer,
        in transaction: PostgresTransaction
    ) async throws {
        let version = Int32(key.keyVersion)
        let context = PutSigningKey.sealContext(partyNo: party.partyNo, keyVersion: version)
        _ = try await transaction.run(
            PutSigningKey(
                partyNo: party.partyNo, keyVersion: version,
                signType: SignType(rawValue: key.signType) ?? .md5,
                secretSealed: try key.secret.map { try sealer.seal($0, context: context) },
                publicKeyPEM: try key.publicKeyFile.map { try keys.text(named: $0) }))
    }
}

import Foundation
import Payments

/// The sample business: a platform, three agents (one of them another's sub-agent) and eight
/// merchants.
public struct SampleParties: Codable, Sendable, Equatable {
    /// The seed of the secrets and card numbers.
    public let seed: UInt64
    /// The channel's fee, in ppm of the amount.
    public let channelRatePPM: Int64
    /// The platform, the agents from the top down, and the merchants.
    public let parties: [SampleParty]

    enum CodingKeys: String, CodingKey {
        case seed, parties
        case channelRatePPM = "channel_rate_ppm"
    }

    /// Makes the same parties for the same seed.
    public static func make(seed: UInt64, channelRatePPM: Int64 = 3800) -> SampleParties {
        var roster = SampleRoster(seed: seed, base: channelRatePPM)
        return SampleParties(
            seed: seed, channelRatePPM: channelRatePPM,
            parties: roster.agents() + roster.merchants())
    }

    /// The merchants.
    public var merchants: [SampleParty] { parties.filter { $0.kind == .merchant } }

    /// The agents.
    public var agents: [SampleParty] { parties.filter { $0.kind == .agent } }

    /// A party by its number.
    public func party(_ partyNo: String) -> SampleParty? {
        parties.first { $0.partyNo == partyNo }
    }

    /// The agents above a party, top first, nearest last.
    public func agents(above partyNo: String) -> [SampleParty] {
        var chain: [SampleParty] = []
        var next = party(partyNo)?.parentNo
        while let number = next, let agent = party(number), agent.kind == .agent {
            chain.insert(agent, at: 0)
            next = agent.parentNo
        }
        return chain
    }

    /// Reads `parties.json`.
    public static func read(_ file: String) throws -> SampleParties {
        try JSONDecoder().decode(
            SampleParties.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }

    /// Writes `parties.json`, readable by its owner only: it holds the parties' secrets.
    public func write(_ file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: file), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
}

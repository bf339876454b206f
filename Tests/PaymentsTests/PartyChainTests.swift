import Payments
import Testing

@Suite struct PartyChainTests {
    private func chain(_ channel: Int64, _ agents: [Int64], _ merchant: Int64) throws -> PartyChain
    {
        try PartyChain(
            channelRate: Rate(ppm: channel),
            levels: agents.enumerated().map { index, ppm in
                PartyLevel(partyNo: "A\(index + 1)", rate: try Rate(ppm: ppm))
            }, merchantNo: "M1", merchantRate: Rate(ppm: merchant))
    }

    @Test func eachLevelEarnsTheDifferenceToTheNext() throws {
        let split = try chain(2_500, [3_800, 4_500], 6_000).split(Money(fen: 9_850))
        #expect(split.merchantFee.fen == 59)
        #expect(split.channelFee.fen == 25)
        #expect(split.shares.map(\.fen) == [12, 7, 15])
        #expect(split.platformShare.fen == 12)
        #expect(split.agentShare.fen == 22)
    }

    @Test func withoutAgentsThePlatformEarnsAll() throws {
        let split = try chain(2_500, [], 6_000).split(Money(fen: 10_000))
        #expect(split.shares.map(\.fen) == [35])
        #expect(split.agentShare == .zero)
    }

    @Test func equalRatesAreAChain() throws {
        let rates = try chain(6_000, [6_000, 6_000], 6_000).rates
        #expect(rates.map(\.ppm) == [6_000, 6_000, 6_000, 6_000])
    }

    @Test(
        arguments: [
            (4_000, [3_800, 4_500], 6_000, "the channel", "agent A1"),
            (2_500, [4_500, 3_800], 6_000, "agent A1", "agent A2"),
            (2_500, [3_800, 6_500], 6_000, "agent A2", "merchant M1"),
            (6_500, [], 6_000, "the channel", "merchant M1"),
        ] as [(Int64, [Int64], Int64, String, String)])
    func fallingRatesAreRefusedByName(
        channel: Int64, agents: [Int64], merchant: Int64, upper: String, lower: String
    ) throws {
        let all = [channel] + agents + [merchant]
        let error = #expect(throws: PartyChainError.self) {
            try chain(channel, agents, merchant)
        }
        let refused = try #require(error)
        #expect(refused.upperParty == upper && refused.lowerParty == lower)
        #expect(refused.lowerRate < refused.upperRate)
        #expect(all.contains(refused.upperRate.ppm) && all.contains(refused.lowerRate.ppm))
        for part in [upper, lower, "\(refused.upperRate)", "\(refused.lowerRate)"] {
            #expect(refused.description.contains(part))
        }
    }
}

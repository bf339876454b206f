import TestRandom
import Testing

@testable import WorkerRuntime

/// Which connection makes room for another; time is set.
@Suite struct ConnectionTableTests {
    private let start = ContinuousClock.now

    private func address(_ last: Int) -> AddressBytes? { AddressBytes("203.0.113.\(last)") }

    @Test func theIdlestOfTheAddressThatHoldsMostIsClosed() {
        var table = ConnectionTable()
        let honest = table.add(address(1), .idle(since: start - .seconds(70)))
        let flood = (0..<5).map {
            table.add(address(2), .idle(since: start - .seconds([3, 9, 60, 2, 5][$0])))
        }
        #expect(table.toClose == flood[2])
        table.set(.busy, of: flood[2])
        #expect(table.toClose == flood[1])
        for id in flood { table.remove(id) }
        #expect(table.toClose == honest)
    }

    @Test func aRequestThatArrivesIsClosedOnlyWhereNoneIsIdleAndOneThatIsProcessedNever() {
        var table = ConnectionTable()
        let slow = table.add(address(2), .arriving(since: start - .seconds(9)))
        let idle = table.add(address(2), .idle(since: start))
        #expect(table.toClose == idle)
        table.set(.busy, of: idle)
        #expect(table.toClose == slow)
        table.set(.busy, of: slow)
        #expect(table.toClose == nil)
        // A busy address makes no room; the idle connection of a smaller one does.
        let other = table.add(address(1), .idle(since: start))
        #expect(table.toClose == other)
    }

    @Test func aProxysConnectionsAreNeverClosedForAnother() {
        var table = ConnectionTable()
        for _ in 0..<9 { _ = table.add(nil, .idle(since: start)) }
        #expect(table.toClose == nil)
        let other = table.add(address(1), .idle(since: start))
        #expect(table.toClose == other)
    }

    @Test func countsAreRightAfterAnyStepsAndTheChosenOneIsOfALargestAddress() throws {
        let seed = SplitMix64.seedFromEnvironment()
        var random = SplitMix64(seed: seed)
        var table = ConnectionTable()
        var model: [(id: ConnectionTable.ID, address: AddressBytes?)] = []
        for step in 0..<2_000 {
            if model.isEmpty || Int.random(in: 0..<5, using: &random) < 3 {
                let address = address(Int.random(in: 0..<20, using: &random))
                model.append((table.add(address, .idle(since: start + .seconds(step))), address))
            } else {
                let at = Int.random(in: model.indices, using: &random)
                table.remove(model.remove(at: at).id)
            }
            let counts = Dictionary(grouping: model) { $0.address }.mapValues(\.count)
            #expect(table.count == model.count, "SEED=\(seed)")
            guard let most = counts.values.max() else {
                #expect(table.toClose == nil, "SEED=\(seed)")
                continue
            }
            let owner = try #require(model.first { $0.id == table.toClose })
            #expect(counts[owner.address] == most, "SEED=\(seed)")
        }
    }
}

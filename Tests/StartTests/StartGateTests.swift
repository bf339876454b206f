import Testing

@testable import Composition

@Suite struct StartGateTests {
    /// Whether the gate is open, without waiting for it.
    private func isOpen(_ gate: StartGate) async -> Bool {
        let waiting = Task { await gate.waitUntilOpen() }
        waiting.cancel()
        return await waiting.value
    }

    @Test func theGateOpensOnlyWhenEveryCheckFindsAll() async {
        let gate = StartGate(checks: 2)
        #expect(await !isOpen(gate))
        gate.record([], of: 0)
        #expect(await !isOpen(gate))
        gate.record(["topics: orders.accepted is missing"], of: 1)
        #expect(await !isOpen(gate))
        #expect(gate.missing == ["topics: orders.accepted is missing"])
        gate.record([], of: 1)
        #expect(await isOpen(gate))
        #expect(gate.missing.isEmpty)
    }

    @Test func whoWaitsBeginsWhenTheGateOpens() async {
        let gate = StartGate(checks: 1)
        async let opened = gate.waitUntilOpen()
        gate.record([], of: 0)
        #expect(await opened)
    }
}

import TestRandom

/// Random numbers for when a fault is injected and where: the same from the same seed.
struct FaultRandom: RandomNumberGenerator, Sendable {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    /// A generator of its own for work that runs beside this one.
    mutating func split() -> FaultRandom { FaultRandom(seed: next()) }

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(int(range))
    }
}

import TestRandom
import Testing

/// The random numbers of one test.
struct SeededRandom: RandomNumberGenerator {
    private var generator: SplitMix64
    /// For every expectation: `SEED=…` in the environment repeats the numbers.
    let note: Comment

    /// Seeded by `SEED`, or by a new seed; the seed is printed.
    init() {
        let seed = SplitMix64.seedFromEnvironment()
        generator = SplitMix64(seed: seed)
        note = "SEED=\(seed)"
        print("store tests: SEED=\(seed)")
    }

    mutating func next() -> UInt64 { generator.next() }

    mutating func int(_ range: ClosedRange<Int64>) -> Int64 { .random(in: range, using: &self) }

    mutating func bytes(upTo count: Int64) -> [UInt8] {
        (0..<int(0...count)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

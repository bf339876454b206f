import TestDice
import Testing

/// The dice of one test.
struct Dice: RandomNumberGenerator {
    private var generator: SplitMix64
    /// Goes with every expectation; `SEED` in the environment throws the same dice again.
    let note: Comment

    /// Dice from `SEED`, or new ones; the seed is printed.
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

import Foundation
import Testing

/// SplitMix64: small, seeded, the same everywhere (Steele, Lea, Flood 2014).
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    /// Goes with every expectation; `SEED` in the environment throws the same dice again.
    let note: Comment

    /// Dice from `SEED`, or new ones; the seed is printed.
    init() {
        let given = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
        state = seed
        note = "SEED=\(seed)"
        print("store tests: SEED=\(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func int(_ range: ClosedRange<Int64>) -> Int64 { .random(in: range, using: &self) }

    mutating func bytes(upTo count: Int64) -> [UInt8] {
        (0..<int(0...count)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

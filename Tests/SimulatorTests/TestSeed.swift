import Foundation

/// The random of property tests: `SEED` from the environment, or one for every run.
enum TestSeed {
    static let value: UInt64 =
        ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init)
        ?? UInt64.random(in: 1...1_000_000)

    static var note: String { "SEED=\(value)" }
}

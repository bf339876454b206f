import TestRandom
import Testing

/// The random numbers of one case of a property, and the note with the seed that repeats it.
struct SeededRandom {
    private var generator: SplitMix64
    /// For every expectation: `SEED=…` in the environment runs the failing case first.
    let note: Comment

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        note = "SEED=\(seed)"
    }

    mutating func int(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &generator)
    }

    mutating func chance(_ percent: Int64) -> Bool { int(1...100) <= percent }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        list.shuffled(using: &generator)
    }

    mutating func pick<Element>(_ list: [Element]) throws -> Element {
        try #require(list.randomElement(using: &generator))
    }

    mutating func bits() -> Int64 { Int64(bitPattern: generator.next()) }

    /// A number whose size in bits is random: extremes come as often as the middle.
    mutating func wide(upTo limit: Int64) -> Int64 {
        if chance(5) { return limit }
        return int(0...Swift.max(1, limit >> int(0...40)))
    }

    /// Runs a property on many cases; the first one's seed is `SEED` from the environment, or new.
    static func forAll(_ cases: Int, _ property: (inout SeededRandom) throws -> Void) rethrows {
        let first = SplitMix64.seedFromEnvironment()
        for number in 0..<UInt64(cases) {
            var random = SeededRandom(seed: first &+ number)
            try property(&random)
        }
    }
}

/// The pause after the n-th consecutive failure: doubles from 50 ms to 5 s, with jitter.
public struct Backoff: Sendable {
    private var failures = 0

    /// No failure yet.
    public init() {}

    /// The pause after one more failure.
    public mutating func next(
        using random: inout some RandomNumberGenerator
    ) -> Duration {
        failures += 1
        let ceiling = min(5_000, 50 << min(failures - 1, 7))
        return .milliseconds(Int.random(in: ceiling / 2...ceiling, using: &random))
    }

    /// The pause after one more failure, with the system's random numbers.
    public mutating func next() -> Duration {
        var random = SystemRandomNumberGenerator()
        return next(using: &random)
    }

    /// Starts again at 50 ms, after a success.
    public mutating func reset() { failures = 0 }
}

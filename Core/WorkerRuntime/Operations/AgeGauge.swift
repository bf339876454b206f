import Synchronization

/// An age that is measured from time to time and grows by itself in between: for gauges that must
/// be cheap to read.
public final class AgeGauge: Sendable {
    private struct Measurement {
        let seconds: Double
        let at: ContinuousClock.Instant
    }

    private let last = Mutex<Measurement?>(nil)

    /// An age of 0.
    public init() {}

    /// Records the age now; `nil` where there is nothing.
    public func record(seconds: Double?) {
        last.withLock { $0 = seconds.map { Measurement(seconds: max(0, $0), at: .now) } }
    }

    /// The age now; 0 where there is nothing.
    public var seconds: Double {
        last.withLock { last in
            last.map { $0.seconds + (ContinuousClock.now - $0.at) / .seconds(1) } ?? 0
        }
    }
}

import Synchronization

/// An age that is looked up from time to time and grows by itself in between: for gauges that must
/// cost nothing when they are read.
public final class AgeGauge: Sendable {
    private struct Note {
        let seconds: Double
        let at: ContinuousClock.Instant
    }

    private let note = Mutex<Note?>(nil)

    /// Nothing has been noted.
    public init() {}

    /// Takes down how old something is now; `nil` where there is nothing.
    public func note(seconds: Double?) {
        note.withLock { $0 = seconds.map { Note(seconds: max(0, $0), at: .now) } }
    }

    /// How old it is by now; 0 where there is nothing.
    public var seconds: Double {
        note.withLock { note in
            note.map { $0.seconds + (ContinuousClock.now - $0.at) / .seconds(1) } ?? 0
        }
    }
}

/// Decides which failures of an outage are logged. No I/O.
///
/// Something that fails and recovers all the time gets no more than `linesAnInterval` lines an
/// interval: what exceeds them is counted and appears in the next line.
struct OutageState {
    /// What a line reports.
    struct Line: Equatable {
        /// Failures that no line has reported before, this one included; at the end, all.
        let failures: Int
        /// Since the first failure.
        let lasted: Duration
    }

    private static let linesAnInterval = 6

    private let interval: Duration
    private var began: ContinuousClock.Instant?
    private var failures = 0
    private var unreported = 0
    private var isLogged = false
    private var nextLine: ContinuousClock.Instant?
    private var lines: [ContinuousClock.Instant] = []

    init(interval: Duration) {
        self.interval = interval
    }

    /// Returns the line to log, if any.
    mutating func failed(at now: ContinuousClock.Instant) -> Line? {
        let began = began ?? now
        self.began = began
        failures += 1
        unreported += 1
        if isLogged, let nextLine, now < nextLine { return nil }
        guard hasRoom(at: now) else { return nil }
        isLogged = true
        nextLine = now + interval
        defer { unreported = 0 }
        return Line(failures: unreported, lasted: now - began)
    }

    /// Returns the line to log; `nil` where nothing failed, or no line reported the failures.
    mutating func recovered(at now: ContinuousClock.Instant) -> Line? {
        guard let began else { return nil }
        defer {
            self.began = nil
            failures = 0
            isLogged = false
        }
        guard isLogged else { return nil }
        unreported = 0
        lines.append(now)
        return Line(failures: failures, lasted: now - began)
    }

    private mutating func hasRoom(at now: ContinuousClock.Instant) -> Bool {
        let interval = interval
        lines.removeAll { now - $0 >= interval }
        guard lines.count < Self.linesAnInterval else { return false }
        lines.append(now)
        return true
    }
}

/// A played day as merchants and payers saw it.
public struct PlayReport: Sendable, Equatable, Codable {
    /// Orders sent for the first time.
    public internal(set) var submitted = 0
    /// How many of them were published straight to the topic.
    public internal(set) var published = 0
    /// Orders sent again, with the same content or with other.
    public internal(set) var repeats = 0
    /// Records that were malformed on purpose.
    public internal(set) var malformed = 0
    /// Payments that the cashier accepted.
    public internal(set) var payments = 0
    /// Refunds that the platform accepted.
    public internal(set) var refunds = 0
    /// Closes that the platform accepted.
    public internal(set) var closes = 0
    /// Replies other than the plan expects, and what the platform did against the rules of the
    /// channel or the bank: a sentence each, at most a thousand.
    public internal(set) var unexpected: [String] = []

    /// The report with further findings about the day.
    public func adding(_ findings: [String]) -> PlayReport {
        var report = self
        for finding in findings { report.record(finding) }
        return report
    }

    mutating func record(_ detail: String) {
        if unexpected.count < 1000 { unexpected.append(detail) }
    }
}

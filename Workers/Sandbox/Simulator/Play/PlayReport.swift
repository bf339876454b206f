/// What the player saw of the day.
public struct PlayReport: Sendable, Equatable, Codable {
    /// Orders sent once: what the platform had to decide.
    public internal(set) var submitted = 0
    /// Of them, how many went straight to the topic.
    public internal(set) var published = 0
    /// Orders sent again, with the same content or with other.
    public internal(set) var repeats = 0
    /// Records that were malformed on purpose.
    public internal(set) var malformed = 0
    /// Payments that the cashier took.
    public internal(set) var payments = 0
    /// Refunds that the platform took.
    public internal(set) var refunds = 0
    /// Closes that the platform took.
    public internal(set) var closes = 0
    /// Responses other than the plan expects, and what the platform did against the rules of the
    /// channel or the bank: a sentence each, at most a thousand.
    public internal(set) var unexpected: [String] = []

    mutating func record(_ surprise: String) {
        if unexpected.count < 1000 { unexpected.append(surprise) }
    }
}

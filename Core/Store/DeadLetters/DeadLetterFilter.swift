public import Payments

/// Which dead letters are meant.
public struct DeadLetterFilter: Sendable, Equatable {
    /// What has become of a letter.
    public enum Status: String, Sendable, CaseIterable {
        /// Nothing yet.
        case open
        /// It was sent back to its topic.
        case replayed
        /// An operator gave it up.
        case discarded
    }

    /// What has become of them.
    public var status: Status
    /// Only those of this topic.
    public var topic: String?
    /// Only those of one of these reasons; empty means all.
    public var reasons: [String]
    /// Only those whose record has this key.
    public var key: [UInt8]?
    /// Only those that became letters then or later.
    public var since: Timestamp?

    /// All open letters, unless said otherwise.
    public init(
        status: Status = .open, topic: String? = nil, reasons: [String] = [], key: [UInt8]? = nil,
        since: Timestamp? = nil
    ) {
        self.status = status
        self.topic = topic
        self.reasons = reasons
        self.key = key
        self.since = since
    }

    /// Whether it means every letter of its status.
    public var isEmpty: Bool {
        topic == nil && reasons.isEmpty && key == nil && since == nil
    }
}

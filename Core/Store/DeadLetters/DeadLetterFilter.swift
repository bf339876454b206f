public import Payments

/// A selection of dead letters.
public struct DeadLetterFilter: Sendable, Equatable {
    /// A dead letter's status.
    public enum Status: String, Sendable, CaseIterable {
        /// Neither replayed nor discarded.
        case open
        /// Its record was published to its topic again.
        case replayed
        /// An operator discarded it.
        case discarded
    }

    /// Only those of this status.
    public var status: Status
    /// Only those of this topic.
    public var topic: String?
    /// Only those of one of these reasons; empty means all.
    public var reasons: [String]
    /// Only those whose record has this key.
    public var key: [UInt8]?
    /// Only those stored then or later.
    public var since: Timestamp?

    /// By default all open dead letters.
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

    /// Whether it selects every dead letter of its status.
    public var isEmpty: Bool {
        topic == nil && reasons.isEmpty && key == nil && since == nil
    }
}

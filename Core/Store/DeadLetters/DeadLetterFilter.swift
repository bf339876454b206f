import Events
import Payments

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

/// A place in the order of dead letters: oldest first.
public struct DeadLetterPlace: Sendable, Comparable {
    /// When the letter was written.
    public let createdAt: Timestamp
    /// The letter.
    public let id: EventID

    /// A letter's place.
    public init(createdAt: Timestamp, id: EventID) {
        self.createdAt = createdAt
        self.id = id
    }

    /// The place before every letter written at `time` or later.
    public init(before time: Timestamp) {
        self.init(createdAt: time, id: .lowest)
    }

    /// Whether the left letter comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.createdAt == right.createdAt
            ? left.id.description < right.id.description : left.createdAt < right.createdAt
    }
}

public import Events
public import Payments

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

public import Events
public import Payments

/// A place in the order of dead letters: oldest first.
public struct DeadLetterPlace: Sendable, Comparable {
    /// When the dead letter was stored.
    public let createdAt: Timestamp
    /// The dead letter's identity.
    public let id: EventID

    /// A dead letter's place.
    public init(createdAt: Timestamp, id: EventID) {
        self.createdAt = createdAt
        self.id = id
    }

    /// The place before every dead letter stored at `time` or later.
    public init(before time: Timestamp) {
        self.init(createdAt: time, id: .lowest)
    }

    /// Whether the left place comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.createdAt == right.createdAt
            ? left.id.description < right.id.description : left.createdAt < right.createdAt
    }
}

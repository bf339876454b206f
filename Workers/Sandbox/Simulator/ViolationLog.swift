/// What the platform did against the rules of a channel or a bank, in order; a played day fails
/// where there is any.
public struct ViolationLog: Sendable, Equatable {
    /// A sentence each, with the order or payout number; at most a thousand.
    public private(set) var entries: [String] = []

    private static let limit = 1000

    /// An empty log.
    public init() {}

    mutating func record(_ violation: String) {
        if entries.count < Self.limit { entries.append(violation) }
    }
}

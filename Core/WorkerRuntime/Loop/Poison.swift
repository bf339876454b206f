import Store

/// Why a record can never be processed as it is.
public struct Poison: Error, Sendable, Equatable {
    /// A code, for example `malformed_json`.
    public let reason: String
    /// The explanation: what is wrong and where.
    public let error: String

    /// A reason and an explanation; both are made safe to store and to log.
    public init(reason: String, error: String) {
        self.reason = reason.storable(bytes: 100)
        self.error = error.storable(bytes: 2_000)
    }
}

/// Publishes records without asking the gateway, as a merchant's own system does.
public protocol RecordPublisher: Sendable {
    /// Returns when the record is acknowledged.
    func publish(topic: String, key: String, value: [UInt8]) async throws
}

/// Publishes records without the gateway, as a merchant's own system does.
public protocol RecordPublisher: Sendable {
    /// Returns when the broker has acknowledged the record.
    func publish(topic: String, key: String, value: [UInt8]) async throws
}

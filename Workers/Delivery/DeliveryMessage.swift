import Events
import Payments
import Store

/// What one attempt sends: made at sending, from the order as it is then.
struct DeliveryMessage: Sendable {
    let body: [UInt8]
    let headers: [(name: String, value: String)]

    /// - Parameters:
    ///   - key: the receiver's own, or the platform's.
    ///   - now: the attempt's time.
    init(_ delivery: ClaimDeliveries.Row, key: DeliveryKey, at now: Timestamp) throws {
        body = try SignedDelivery.body(DeliveryFields.of(delivery), key: key, at: now)
        let id = delivery.id.description
        let seconds = String(now.seconds(since: Timestamp(microseconds: 0)))
        var headers = [
            (name: "Content-Type", value: "application/json; charset=utf-8"),
            (name: "User-Agent", value: "Tallyhouse"),
            (name: "Tally-Delivery-Id", value: id),
            (name: "Tally-Attempt", value: String(delivery.attempt)),
            (name: "webhook-id", value: id),
            (name: "webhook-timestamp", value: seconds),
        ]
        if let signature = StandardWebhooks.signature(
            of: body, id: id, timestamp: seconds, key: key.key)
        {
            headers.append((name: "webhook-signature", value: signature))
        }
        if let trace = delivery.order.traceparent.flatMap(TraceContext.init) {
            headers.append((name: "traceparent", value: trace.child().description))
        }
        self.headers = headers
    }
}

/// A key that signs deliveries to a party.
struct DeliveryKey: Sendable {
    let signType: SignType
    let version: Int
    let key: SigningKey

    /// A shared secret of the party's.
    init(_ key: Directory.Key) {
        signType = key.signType
        version = key.version
        self.key = key.key
    }

    /// The platform's, for a party whose keys are all public ones.
    init(_ key: PlatformKeys.Signing) {
        signType = .rsa2
        version = key.version
        self.key = key.key
    }
}

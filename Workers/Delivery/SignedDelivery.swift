import Events
import Payments

/// The body of a delivery: its fields, the time of this attempt, and the signature.
enum SignedDelivery {
    /// - Parameter fields: those that don't depend on the receiver or the attempt.
    static func body(
        _ fields: [String: RequestScalar], key: DeliveryKey, at now: Timestamp
    ) throws -> [UInt8] {
        var scalars = fields
        scalars["timestamp"] = .text(now.rfc3339)
        scalars["nonce"] = .text(EventID.make(at: now).description)
        scalars["sign_type"] = .text(key.signType.rawValue)
        scalars["key_version"] = .integer(Int64(key.version))
        let text = RequestFields(scalars).stringToSign()
        scalars["sign"] = .text(try key.key.sign(text))
        return RequestFields(scalars).json()
    }
}

import Events
import Payments
import Store

/// The body of a delivery: the change's fields, the time of this attempt, and the signature with
/// the receiver's key.
enum SignedDelivery {
    /// - Parameter fields: those that don't depend on the receiver or the attempt.
    static func body(
        _ fields: RequestFields, key: Directory.Key, at now: Timestamp
    ) throws -> [UInt8] {
        var scalars = fields.scalars
        scalars["timestamp"] = .text(now.rfc3339)
        scalars["nonce"] = .text(EventID.make(at: now).description)
        scalars["sign_type"] = .text(key.signType.rawValue)
        scalars["key_version"] = .integer(Int64(key.version))
        let text = RequestFields(scalars).stringToSign()
        scalars["sign"] = .text(try key.key.sign(text))
        return RequestFields(scalars).json()
    }
}

import Crypto
import Foundation
import Payments

/// The signature of the Standard Webhooks specification (1.0.0), beside our own: a receiver can
/// verify with one of its libraries.
///
/// Its `v1` scheme is HMAC-SHA256 in base64 over `id.timestamp.body`. Those libraries take the
/// secret as base64: a receiver gives them its HMAC-SHA256 secret's UTF-8 bytes in base64.
enum StandardWebhooks {
    /// The header's value; `nil` for a key that isn't HMAC-SHA256.
    static func signature(
        of body: [UInt8], id: String, timestamp: String, key: SigningKey
    ) -> String? {
        guard case .hmacSHA256(let secret) = key else { return nil }
        var code = HMAC<SHA256>(key: SymmetricKey(data: Data(secret.utf8)))
        code.update(data: Data("\(id).\(timestamp).".utf8))
        code.update(data: body)
        return "v1," + Data(code.finalize()).base64EncodedString()
    }
}

import Crypto
import Foundation

/// Time-based one-time codes of six digits (RFC 6238 with SHA-1, a code each 30 seconds): what
/// every authenticator app makes.
public struct OneTimeCode: Sendable {
    /// How long a code is shown.
    public static let stepSeconds: Int64 = 30

    /// 20 bytes, shared with the user's authenticator.
    let secret: [UInt8]

    /// Codes of a secret: 20 bytes.
    public init(secret: [UInt8]) { self.secret = secret }

    /// The secret that a session in enrolment offers: as random as the session's token, the same
    /// each time the page is shown, and stored nowhere until its code was entered.
    static func offered(in session: RandomToken) -> OneTimeCode {
        let mac = HMAC<SHA256>.authenticationCode(
            for: Data("one-time codes".utf8), using: SymmetricKey(data: Data(session.text.utf8)))
        return OneTimeCode(secret: Array(mac.prefix(20)))
    }

    /// The code of a time step, with leading zeros.
    public func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(
                for: counter, using: SymmetricKey(data: secret)))
        let at = Int(mac[19] & 15)
        let value =
            UInt32(mac[at] & 0x7f) << 24 | UInt32(mac[at + 1]) << 16 | UInt32(mac[at + 2]) << 8
            | UInt32(mac[at + 3])
        let digits = String(value % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The time step whose code it is: that of `seconds` (since 1970), or one before or after it,
    /// for a clock that is off; `nil` for a wrong code.
    func step(of entered: String, at seconds: Int64) -> Int64? {
        let now = seconds / Self.stepSeconds
        let bytes = Array(entered.utf8)
        return [now, now - 1, now + 1].first { step in
            let wanted = Array(code(step: step).utf8)
            guard wanted.count == bytes.count else { return false }
            return zip(wanted, bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }

    /// What a person types into an authenticator: base 32 (RFC 4648) in groups of four.
    public var text: String {
        let characters = Array(base32)
        return stride(from: 0, to: characters.count, by: 4)
            .map { String(characters[$0..<min($0 + 4, characters.count)]) }
            .joined(separator: " ")
    }

    /// What an authenticator reads, `otpauth://totp/…`.
    func address(of login: String) -> String {
        let name =
            login.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "user"
        return "otpauth://totp/Tallyhouse:\(name)?secret=\(base32)&issuer=Tallyhouse"
    }

    private var base32: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var bits = 0
        var value = 0
        for byte in secret {
            value = value << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[(value >> bits) & 31])
            }
            value &= (1 << bits) - 1
        }
        if bits > 0 { text.append(alphabet[(value << (5 - bits)) & 31]) }
        return text
    }
}

import Crypto
import CryptoExtras
import Foundation

/// A password as it is stored: `scrypt$rounds$block size$parallelism$salt$hash`, the last two in
/// base64. The parameters stand with each hash, so that they can be raised later.
public struct PasswordHash: Sendable {
    /// RFC 7914; 32 MiB and some 100 ms a try.
    static let usual = Parameters(rounds: 1 << 15, blockSize: 8, parallelism: 1)

    struct Parameters: Sendable, Equatable {
        let rounds: Int
        let blockSize: Int
        let parallelism: Int
    }

    let parameters: Parameters
    let salt: [UInt8]
    let hash: [UInt8]

    /// Hashes a new password with a salt of its own. Takes a tenth of a second of processor time.
    public init(hashing password: String) throws {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try self.init(hashing: password, salt: salt, Self.usual)
    }

    init(hashing password: String, salt: [UInt8], _ parameters: Parameters) throws {
        self.parameters = parameters
        self.salt = salt
        hash = try Self.derive(password, salt, parameters)
    }

    /// Reads what ``text`` wrote; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]),
            let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
            let salt = Data(base64Encoded: String(parts[4])),
            let hash = Data(base64Encoded: String(parts[5])), hash.count == 32
        else { return nil }
        parameters = Parameters(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        self.salt = Array(salt)
        self.hash = Array(hash)
    }

    /// What is stored.
    public var text: String {
        let numbers = "\(parameters.rounds)$\(parameters.blockSize)$\(parameters.parallelism)"
        let values = [salt, hash].map { Data($0).base64EncodedString() }
        return "scrypt$\(numbers)$\(values[0])$\(values[1])"
    }

    /// Whether it is the hash of `password`; takes as long for a wrong one as for the right one.
    public func matches(_ password: String) -> Bool {
        guard let other = try? Self.derive(password, salt, parameters) else { return false }
        // HMAC's comparison looks at every byte.
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: hash, using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: other, using: key)
    }

    private static func derive(
        _ password: String, _ salt: [UInt8], _ parameters: Parameters
    ) throws -> [UInt8] {
        // The same password typed on two keyboards may differ in its composition.
        let bytes = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: parameters.rounds,
            blockSize: parameters.blockSize, parallelism: parameters.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}

import Crypto
import Foundation

/// A key of the platform's own API that signs or verifies; RSA keys are parsed once.
///
/// Printing one shows its kind, never its secret.
public enum SigningKey: Sendable {
    /// A shared secret for MD5.
    case md5(secret: String)
    /// A shared secret for HMAC-SHA256.
    case hmacSHA256(secret: String)
    /// A public key: verifies, can't sign.
    case rsa2Public(RSAPublicKey)
    /// A private key: signs, and verifies its own signatures.
    case rsa2Private(RSAPrivateKey)

    /// A key of one of the schemes with a shared secret.
    /// - Throws: `SigningError` for an empty secret, or for RSA2, which has a key pair instead.
    public init(signType: SignType, secret: String) throws(SigningError) {
        guard !secret.isEmpty else { throw .emptySecret(signType) }
        switch signType {
        case .md5: self = .md5(secret: secret)
        case .hmacSHA256: self = .hmacSHA256(secret: secret)
        case .rsa2: throw .needsKeyPair
        }
    }

    /// An RSA2 key that verifies; SPKI or PKCS#1, PEM or bare base64.
    public init(publicPEM: String) throws(SigningError) {
        do { self = .rsa2Public(try RSAPublicKey(publicPEM)) } catch { throw .key(error) }
    }

    /// An RSA2 key that signs; PKCS#8 or PKCS#1, PEM or bare base64.
    public init(privatePEM: String) throws(SigningError) {
        do { self = .rsa2Private(try RSAPrivateKey(privatePEM)) } catch { throw .key(error) }
    }

    /// The scheme.
    public var signType: SignType {
        switch self {
        case .md5: .md5
        case .hmacSHA256: .hmacSHA256
        case .rsa2Public, .rsa2Private: .rsa2
        }
    }

    /// Signs the UTF-8 bytes of a text.
    /// - Returns: lower-case hex (MD5, HMAC-SHA256) or base64 (RSA2).
    public func sign(_ text: String) throws(SigningError) -> String {
        switch self {
        case .md5(let secret): return Self.text(Self.hex(Self.md5(text, secret: secret)))
        case .hmacSHA256(let secret): return Self.text(Self.hex(Self.hmac(text, secret: secret)))
        case .rsa2Public: throw .cannotSign
        case .rsa2Private(let key):
            do { return try key.sign(Array(text.utf8)) } catch { throw .key(error) }
        }
    }

    /// Whether a signature is this key's over the UTF-8 bytes of a text; a comparison with a secret
    /// takes the same time wherever the two differ.
    public func verify(_ signature: String, over text: String) -> Bool {
        switch self {
        case .md5(let secret): Self.isHex(signature, of: Self.md5(text, secret: secret))
        case .hmacSHA256(let secret): Self.isHex(signature, of: Self.hmac(text, secret: secret))
        case .rsa2Public(let key): key.verify(signature, over: Array(text.utf8))
        case .rsa2Private(let key): key.publicKey.verify(signature, over: Array(text.utf8))
        }
    }

    private static func md5(_ text: String, secret: String) -> Insecure.MD5Digest {
        var hash = Insecure.MD5()
        for part in [text, "&key=", secret] {
            var part = part
            part.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        return hash.finalize()
    }

    private static func hmac(
        _ text: String, secret: String
    ) -> HashedAuthenticationCode<SHA256> {
        var text = text
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.utf8)))
        text.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
        return code.finalize()
    }

    private static func text(_ digits: [UInt8]) -> String {
        String(decoding: digits, as: UTF8.self)
    }

    private static func hex(_ bytes: some ContiguousBytes) -> [UInt8] {
        bytes.withUnsafeBytes { bytes in
            [UInt8](unsafeUninitializedCapacity: 2 * bytes.count) { digits, count in
                for (index, byte) in bytes.enumerated() {
                    digits[2 * index] = hexDigit(byte >> 4)
                    digits[2 * index + 1] = hexDigit(byte & 15)
                }
                count = 2 * bytes.count
            }
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
    }

    private static func isHex(_ text: String, of bytes: some ContiguousBytes) -> Bool {
        var text = text
        return text.withUTF8 { ConstantTimeComparison.areEqual($0, hex(bytes)) }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// The kind of key.
    public var description: String {
        switch self {
        case .md5: "an MD5 key"
        case .hmacSHA256: "an HMAC-SHA256 key"
        case .rsa2Public: "an RSA2 public key"
        case .rsa2Private: "an RSA2 private key"
        }
    }

    /// Nothing of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

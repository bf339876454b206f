import Crypto
import CryptoExtras
import Foundation

/// An RSA public key of 2048 bits or more, parsed once.
public struct RSAPublicKey: Sendable {
    private let key: _RSA.Signing.PublicKey

    /// Reads SPKI or PKCS#1, as PEM or as bare base64.
    public init(_ text: String) throws(RSAKeyError) {
        guard let der = KeyText.der(text),
            let key = try? _RSA.Signing.PublicKey(derRepresentation: der)
        else { throw .unreadable(expected: "public key (SPKI or PKCS#1)") }
        self.key = key
    }

    init(_ key: _RSA.Signing.PublicKey) { self.key = key }

    /// Whether a base64 signature is SHA256withRSA (PKCS#1 v1.5) of this key over the bytes.
    ///
    /// The bytes are those of the message in its own charset.
    public func verify(_ signature: String, over bytes: [UInt8]) -> Bool {
        guard let raw = Data(base64Encoded: signature) else { return false }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: raw), for: SHA256.hash(data: bytes),
            padding: .insecurePKCS1v1_5)
    }

    /// The key as SPKI PEM.
    public var pem: String { key.pemRepresentation }
}

extension RSAPublicKey: Equatable {
    /// Whether both are the same key, whatever form each was read from.
    public static func == (left: RSAPublicKey, right: RSAPublicKey) -> Bool {
        left.key.derRepresentation == right.key.derRepresentation
    }
}

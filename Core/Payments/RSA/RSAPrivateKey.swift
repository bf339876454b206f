import Crypto
import CryptoExtras
import Foundation

/// An RSA private key of 2048 bits or more, parsed once. It is never serialised again.
public struct RSAPrivateKey: Sendable {
    private let key: _RSA.Signing.PrivateKey
    private let signer: RSASigner

    /// Reads PKCS#8 or PKCS#1, as PEM or as bare base64.
    public init(_ text: String) throws(RSAKeyError) {
        guard let der = KeyText.der(text),
            let key = try? _RSA.Signing.PrivateKey(derRepresentation: der),
            let signer = RSASigner(der: key.derRepresentation)
        else { throw .unreadable(expected: "private key (PKCS#8 or PKCS#1)") }
        self.key = key
        self.signer = signer
    }

    /// The public key of the pair.
    public var publicKey: RSAPublicKey { RSAPublicKey(key.publicKey) }

    /// SHA256withRSA (PKCS#1 v1.5) over the bytes, which are the message in its own charset.
    /// - Returns: base64 on one line.
    public func sign(_ bytes: [UInt8]) throws(RSAKeyError) -> String {
        guard let signature = signer.signature(over: bytes) else { throw .signingFailed }
        return signature.base64EncodedString()
    }
}

extension RSAPrivateKey: CustomStringConvertible, CustomReflectable {
    /// The kind of key.
    public var description: String { "an RSA private key" }

    /// Nothing of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

import Crypto
import CryptoExtras
import Foundation

/// An RSA private key of 2048 bits or more, parsed and held. It is never written out again.
public struct RSAPrivateKey: Sendable {
    private let key: _RSA.Signing.PrivateKey
    private let signer: RSASigner

    /// Reads PKCS#8 or PKCS#1, as PEM or as bare base64.
    public init(_ text: String) throws(SigningError) {
        guard let der = KeyText.der(text),
            let key = try? _RSA.Signing.PrivateKey(derRepresentation: der),
            let signer = RSASigner(der: key.derRepresentation)
        else { throw .unreadableKey(wanted: "private key (PKCS#8 or PKCS#1)") }
        self.key = key
        self.signer = signer
    }

    /// Its public half.
    public var publicKey: RSAPublicKey { RSAPublicKey(key.publicKey) }

    /// SHA256withRSA (PKCS#1 v1.5) over the bytes, which are the message in its own charset.
    /// - Returns: base64 on one line.
    public func sign(_ bytes: [UInt8]) throws(SigningError) -> String {
        guard let signature = signer.signature(over: bytes) else { throw .failed }
        return signature.base64EncodedString()
    }
}

extension RSAPrivateKey: CustomStringConvertible, CustomReflectable {
    /// The kind of key.
    public var description: String { "an RSA private key" }

    /// Nothing of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

import CryptoExtras

/// A new RSA key pair of 2048 bits, in PEM.
struct RSAKeyPair {
    let privatePEM: String
    let publicPEM: String

    /// Takes some tens of milliseconds.
    static func make() throws -> RSAKeyPair {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        return RSAKeyPair(
            privatePEM: key.pemRepresentation, publicPEM: key.publicKey.pemRepresentation)
    }
}

/// Why a signing key can't be used.
public enum SigningError: Error, Equatable, CustomStringConvertible {
    /// A shared secret without characters.
    case emptySecret(SignType)
    /// A shared secret for RSA2, which has a key pair.
    case needsKeyPair
    /// A public key was to sign.
    case cannotSign
    /// The RSA key can't be read, or can't sign.
    case key(RSAKeyError)

    /// What is wrong and what to set; never any part of a key.
    public var description: String {
        switch self {
        case .emptySecret(let type): "an empty secret can't be a key for \(type.rawValue)"
        case .needsKeyPair: "RSA2 has no shared secret; set a private or a public key"
        case .cannotSign: "a public key can't sign; set the private key"
        case .key(let error): "\(error)"
        }
    }
}

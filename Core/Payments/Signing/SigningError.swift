/// Why a key can't be read, or can't sign.
public enum SigningError: Error, Equatable, CustomStringConvertible {
    /// A shared secret of no length.
    case emptySecret(SignType)
    /// RSA2 asked for with a shared secret.
    case needsKeyPair
    /// Signing asked of a public key.
    case cannotSign
    /// Not a key in any of the known forms; says which kind was wanted.
    case unreadableKey(wanted: String)
    /// The cryptographic library refused to sign.
    case failed

    /// What is wrong and what to give; never any part of a key.
    public var description: String {
        switch self {
        case .emptySecret(let type): "an empty secret can't be a key for \(type.rawValue)"
        case .needsKeyPair: "RSA2 has no shared secret; give a private or a public key"
        case .cannotSign: "a public key can't sign; give the private key"
        case .unreadableKey(let wanted):
            "the text is no RSA \(wanted) of 2048 bits or more, as PEM or as base64 of its DER"
        case .failed: "the RSA private key could not sign; check that the key is whole"
        }
    }
}

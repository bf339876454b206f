/// Why an RSA key can't be read, or can't sign.
public enum RSAKeyError: Error, Equatable, CustomStringConvertible {
    /// Not a key in any of the supported forms; names the kind that was expected.
    case unreadable(expected: String)
    /// The cryptographic library refused to sign.
    case signingFailed

    /// What is wrong and what to set; never any part of a key.
    public var description: String {
        switch self {
        case .unreadable(let expected):
            "the text is not an RSA \(expected) of 2048 bits or more, as PEM or as base64 of its "
                + "DER"
        case .signingFailed:
            "the RSA private key could not sign; check that the key is complete"
        }
    }
}

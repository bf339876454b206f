public import Payments

/// A key of a party: signs its requests, and the deliveries to it.
public struct SampleKey: Codable, Sendable, Equatable {
    /// `MD5`, `HMAC-SHA256` or `RSA2`.
    public let signType: SignType.RawValue
    /// The version: unique among the party's keys.
    public let keyVersion: Int
    /// The shared secret; `nil` for RSA2.
    public let secret: String?
    /// The file name of the private key in the keys' folder; `nil` but for RSA2.
    public let privateKeyFile: String?
    /// The file name of the public key; `nil` but for RSA2.
    public let publicKeyFile: String?

    enum CodingKeys: String, CodingKey {
        case signType = "sign_type"
        case keyVersion = "key_version"
        case secret
        case privateKeyFile = "private_key_file"
        case publicKeyFile = "public_key_file"
    }

    /// A key with a shared secret.
    public init(_ signType: SignType, version: Int, secret: String) {
        self.signType = signType.rawValue
        keyVersion = version
        self.secret = secret
        privateKeyFile = nil
        publicKeyFile = nil
    }

    /// An RSA2 key pair by its files.
    public init(version: Int, privateKeyFile: String, publicKeyFile: String) {
        signType = SignType.rsa2.rawValue
        keyVersion = version
        secret = nil
        self.privateKeyFile = privateKeyFile
        self.publicKeyFile = publicKeyFile
    }
}

/// The signature schemes of the platform's own API.
public enum SignType: String, Sendable, Hashable, Codable, CaseIterable {
    /// MD5 over the text and a shared secret, in lower-case hex.
    case md5 = "MD5"
    /// HMAC with SHA-256 under a shared secret, in lower-case hex.
    case hmacSHA256 = "HMAC-SHA256"
    /// SHA-256 with RSA, PKCS#1 v1.5, in base64.
    case rsa2 = "RSA2"
}

public import Channels
public import Payments

/// Verifies the other side's signatures: always SHA256withRSA, whatever `sign_type` says, so that a
/// message can't select SHA-1.
public struct AlipayVerifier: Sendable, Equatable {
    private let keys: Keys

    private enum Keys: Sendable, Equatable {
        case one(RSAPublicKey)
        /// By the number of the certificate, which messages name.
        case certified([String: RSAPublicKey])
    }

    /// A verifier with a public key; SPKI or PKCS#1, PEM or bare base64.
    public init(publicKeyPEM: String) throws(RSAKeyError) {
        keys = .one(try RSAPublicKey(publicKeyPEM))
    }

    init(key: RSAPublicKey) { keys = .one(key) }

    init(certificates: [AlipayCertificate]) {
        var known: [String: RSAPublicKey] = [:]
        for certificate in certificates { known[certificate.number] = certificate.publicKey }
        keys = .certified(known)
    }

    /// Refuses a form without the other side's signature.
    public func verify(
        _ form: AlipayForm, _ rule: AlipayForm.SigningRule
    ) throws(ChannelMessageError) {
        guard let sign = try form.text("sign") else { throw .unsigned }
        let key = try key(of: try form.text("alipay_cert_sn"))
        guard key.verify(sign, over: form.stringToSign(rule)) else { throw .badSignature }
    }

    /// Refuses an answer without the other side's signature over its node.
    public func verify(_ response: AlipayResponse) throws(ChannelMessageError) {
        guard let sign = response.sign else { throw .unsigned }
        let key = try key(of: response.certificateNo)
        guard key.verify(sign, over: response.node) else { throw .badSignature }
    }

    /// The configured key that a message is to be verified with. In certificate mode the message
    /// names it; a name that isn't configured proves nothing.
    private func key(of certificateNo: String?) throws(ChannelMessageError) -> RSAPublicKey {
        switch keys {
        case .one(let key): return key
        case .certified(let known):
            guard let certificateNo else { throw .unknownKey("no certificate") }
            guard let key = known[certificateNo] else {
                throw .unknownKey("certificate \(certificateNo.prefix(32))")
            }
            return key
        }
    }
}

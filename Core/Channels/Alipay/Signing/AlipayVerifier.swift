public import Channels
public import Payments

/// Verifies the other side's signatures: always SHA256withRSA, whatever `sign_type` says, so that a
/// message can't select SHA-1.
public struct AlipayVerifier: Sendable, Equatable {
    private let key: RSAPublicKey

    /// A verifier with a public key; SPKI or PKCS#1, PEM or bare base64.
    public init(publicKeyPEM: String) throws(RSAKeyError) {
        key = try RSAPublicKey(publicKeyPEM)
    }

    init(key: RSAPublicKey) { self.key = key }

    /// Refuses a form without the other side's signature.
    public func verify(
        _ form: AlipayForm, _ rule: AlipayForm.SigningRule
    ) throws(ChannelMessageError) {
        guard let sign = try form.text("sign") else { throw .unsigned }
        guard key.verify(sign, over: form.stringToSign(rule)) else { throw .badSignature }
    }

    /// Refuses an answer without the other side's signature over its node.
    public func verify(_ response: AlipayResponse) throws(ChannelMessageError) {
        guard let sign = response.sign else { throw .unsigned }
        guard key.verify(sign, over: response.node) else { throw .badSignature }
    }
}

public import Payments

/// Signs as one side of the channel protocol: SHA256withRSA, always (`RSA2`).
public struct AlipaySigner: Sendable {
    private let key: RSAPrivateKey

    /// A signer with a private key; PKCS#8 or PKCS#1, PEM or bare base64.
    public init(privateKeyPEM: String) throws(RSAKeyError) {
        key = try RSAPrivateKey(privateKeyPEM)
    }

    /// The key that checks what this one signs.
    public var verifier: AlipayVerifier { AlipayVerifier(key: key.publicKey) }

    /// The signature of a form: base64.
    public func signature(
        of form: AlipayForm, _ rule: AlipayForm.SigningRule
    ) throws(RSAKeyError) -> String {
        try key.sign(form.stringToSign(rule))
    }

    /// The form with its signature as the field `sign`.
    public func signed(
        _ form: AlipayForm, _ rule: AlipayForm.SigningRule
    ) throws(RSAKeyError) -> AlipayForm {
        form.adding("sign", try signature(of: form, rule))
    }

    /// A gateway's answer: the node's text unchanged, and the signature over it.
    /// - Parameters:
    ///   - method: for example `alipay.trade.query`.
    ///   - node: a JSON object.
    public func response(method: String, node: String) throws(RSAKeyError) -> [UInt8] {
        let sign = try key.sign(Array(node.utf8))
        return Array("{\"\(AlipayResponse.nodeName(method))\":\(node),\"sign\":\"\(sign)\"}".utf8)
    }
}

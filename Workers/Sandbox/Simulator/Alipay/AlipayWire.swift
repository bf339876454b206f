import Channels
import CryptoExtras
import Foundation
import Payments

/// Signs and verifies as the channel does.
///
/// It shares no code with the platform's adapter, so that no mistake can be in both.
struct AlipayWire: Sendable {
    private let identity: AlipayIdentity
    private let appKey: _RSA.Signing.PublicKey
    private let alipayKey: _RSA.Signing.PrivateKey
    private let attackerKey: _RSA.Signing.PrivateKey
    /// The number of the channel's certificate: in certificate mode every message names it.
    let certificateNo: String?

    /// Reads the PEM files of `keys`.
    init(identity: AlipayIdentity, keys: SampleKeys, certificateNo: String? = nil) throws {
        self.identity = identity
        self.certificateNo = certificateNo
        appKey = try _RSA.Signing.PublicKey(pemRepresentation: keys.text(of: .appPublic))
        alipayKey = try _RSA.Signing.PrivateKey(pemRepresentation: keys.text(of: .alipayPrivate))
        attackerKey = try _RSA.Signing.PrivateKey(
            pemRepresentation: keys.text(of: .attackerPrivate))
    }

    /// Whether the request carries the app's signature.
    func isSigned(_ parameters: AlipayParameters) -> Bool {
        guard let sign = parameters["sign"], let bytes = Data(base64Encoded: sign) else {
            return false
        }
        return appKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: bytes), for: parameters.signedBytes,
            padding: .insecurePKCS1v1_5)
    }

    /// The body of a server call's response: the node, and the signature over exactly its bytes.
    /// - Parameter key: `nil` for none.
    func envelope(method: String?, node: AnswerNode, signedBy key: NotificationKey?) -> String {
        let json = node.json
        let signature = key.flatMap { sign(Array(json.utf8), with: privateKey($0)) }
        return envelope(method, json, signature)
    }

    /// The same in GBK: the signature is over its bytes.
    func envelopeInGBK(
        method: String?, node: AnswerNode, signedBy key: NotificationKey?
    ) -> [UInt8] {
        let json = node.json
        let bytes = (try? GBK.encode(json)) ?? []
        let signature = key.flatMap { sign(bytes, with: privateKey($0)) }
        return (try? GBK.encode(envelope(method, json, signature))) ?? []
    }

    private func envelope(_ method: String?, _ json: String, _ signature: String?) -> String {
        let name =
            method.map { $0.replacingOccurrences(of: ".", with: "_") + "_response" }
            ?? "error_response"
        let certificate = certificateNo.map { ",\"alipay_cert_sn\":\"\($0)\"" } ?? ""
        let last = signature.map { ",\"sign\":\"\($0)\"" } ?? ""
        return "{\"\(name)\":\(json)\(certificate)\(last)}"
    }

    /// A notification's form body; `sign` and `sign_type` aren't signed.
    func body(_ form: NotificationForm, signedBy key: NotificationKey) -> String {
        let certificate = certificateNo.map { [(name: "alipay_cert_sn", value: $0)] } ?? []
        let fields = form.fields + certificate
        let sign = sign(Array(Self.callbackText(fields).utf8), with: privateKey(key)) ?? ""
        return FormCoding.encode(fields + [("sign", sign)])
    }

    /// The signed address that the browser returns to after paying (channel protocol §2.1).
    func returnURL(_ address: String, trade: Trade, now: Timestamp) -> String? {
        let isMobile = trade.terms.productCode == AlipayMethod.wapPay.productCode
        let method: AlipayMethod = isMobile ? .wapPay : .pagePay
        let fields = [
            (name: "charset", value: "utf-8"), ("out_trade_no", trade.orderNo),
            ("method", method.rawValue + ".return"), ("total_amount", trade.terms.amount.yuan),
            ("trade_no", trade.tradeNo), ("auth_app_id", identity.appID), ("version", "1.0"),
            ("app_id", identity.appID), ("sign_type", "RSA2"),
            ("seller_id", identity.sellerID), ("timestamp", now.shanghai),
        ]
        let text = Array(Self.callbackText(fields).utf8)
        guard let sign = sign(text, with: alipayKey) else { return nil }
        return address + (address.contains("?") ? "&" : "?")
            + FormCoding.encode(fields + [("sign", sign)])
    }

    /// The string to sign of a notification (channel protocol §3.3).
    static func callbackText(_ fields: [(name: String, value: String)]) -> String {
        fields.filter { $0.name != "sign" && $0.name != "sign_type" && !$0.value.isEmpty }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    private func privateKey(_ key: NotificationKey) -> _RSA.Signing.PrivateKey {
        switch key {
        case .alipay: alipayKey
        case .attacker: attackerKey
        }
    }

    private func sign(_ bytes: [UInt8], with key: _RSA.Signing.PrivateKey) -> String? {
        let signature = try? key.signature(for: bytes, padding: .insecurePKCS1v1_5)
        return signature?.rawRepresentation.base64EncodedString()
    }
}

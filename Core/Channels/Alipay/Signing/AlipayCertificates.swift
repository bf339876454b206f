import Channels
import Payments

/// The certificates of an app, verified against each other.
struct AlipayCertificates: Sendable {
    /// The fields that every request has: `app_cert_sn` and `alipay_root_cert_sn`.
    let requestFields: [(String, String)]
    /// Verifies what one of Alipay's certificates signed.
    let verifier: AlipayVerifier

    /// - Parameter appKey: the public half of the key that signs the app's requests.
    init(_ files: AlipayCertificateFiles, appKey: AlipayVerifier) throws(ChannelError) {
        guard let app = AlipayCertificate.all(in: files.appPEM).first, let key = app.publicKey
        else { throw .configuration("the app's certificate is not PEM of an RSA certificate") }
        guard AlipayVerifier(key: key) == appKey else {
            throw .configuration(
                "the app's certificate \(app.number) is of another key than the app's private key")
        }
        let roots = AlipayCertificate.all(in: files.rootsPEM)
        let rootNumbers = roots.filter(\.isSignedWithRSA).map(\.number)
        guard !rootNumbers.isEmpty else {
            throw .configuration("the file of Alipay's roots has no certificate signed with RSA")
        }
        let given = AlipayCertificate.all(in: files.alipayPEM)
        guard !given.isEmpty else {
            throw .configuration("the file of Alipay's certificate has no PEM certificate")
        }
        for certificate in given
        where !certificate.isIssued(by: roots, over: given.filter { $0 != certificate }) {
            throw .configuration(
                "Alipay's certificate \(certificate.number) was not issued by a root of the roots' "
                    + "file; download both again from the app's page at the open platform")
        }
        verifier = AlipayVerifier(certificates: given)
        requestFields = [
            ("app_cert_sn", app.number),
            ("alipay_root_cert_sn", rootNumbers.joined(separator: "_")),
        ]
    }
}

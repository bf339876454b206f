/// The texts of the three certificate files of an app in certificate mode (channel protocol §1.6).
public struct AlipayCertificateFiles: Sendable {
    /// The app's certificate, issued by Alipay for the app's key.
    public var appPEM: String
    /// Alipay's certificate, with those that lead to a root; two during a change of certificates.
    public var alipayPEM: String
    /// Alipay's roots.
    public var rootsPEM: String

    /// Each text holds one or more PEM certificates.
    public init(appPEM: String, alipayPEM: String, rootsPEM: String) {
        self.appPEM = appPEM
        self.alipayPEM = alipayPEM
        self.rootsPEM = rootsPEM
    }
}

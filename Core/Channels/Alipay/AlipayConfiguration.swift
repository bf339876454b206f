/// The platform's app at Alipay. Holds the app's private key: printing one shows no key.
public struct AlipayConfiguration: Sendable {
    /// For example `https://openapi.alipay.com/gateway.do`.
    public var gatewayURL: String
    /// The application's number.
    public var appID: String
    /// The payee's number (PID).
    public var sellerID: String
    /// The app's private key; PKCS#8 or PKCS#1, PEM or bare base64.
    public var appPrivateKeyPEM: String
    /// Alipay's public key, not the app's own; SPKI or PKCS#1, PEM or bare base64.
    public var alipayPublicKeyPEM: String
    /// The files of certificate mode; `nil` where the app uses plain keys. With them
    /// `alipayPublicKeyPEM` isn't used.
    public var certificates: AlipayCertificateFiles?
    /// The address for notifications; empty where none are wanted.
    public var notifyURL: String
    /// Limit of a whole call.
    public var requestTimeout: Duration
    /// Limit of a whole bill download.
    public var billTimeout: Duration
    /// The service provider's PID (`sys_service_provider_id`) that rebates are attributed to.
    public var serviceProviderID: String?
    /// The authorisation of a merchant whose app this is not.
    public var appAuthToken: String?

    /// A configuration; validated by `AlipayChannel`.
    public init(
        gatewayURL: String, appID: String, sellerID: String, appPrivateKeyPEM: String,
        alipayPublicKeyPEM: String, notifyURL: String, requestTimeout: Duration = .seconds(10),
        billTimeout: Duration = .seconds(300), serviceProviderID: String? = nil,
        appAuthToken: String? = nil, certificates: AlipayCertificateFiles? = nil
    ) {
        self.gatewayURL = gatewayURL
        self.appID = appID
        self.sellerID = sellerID
        self.appPrivateKeyPEM = appPrivateKeyPEM
        self.alipayPublicKeyPEM = alipayPublicKeyPEM
        self.notifyURL = notifyURL
        self.requestTimeout = requestTimeout
        self.billTimeout = billTimeout
        self.serviceProviderID = serviceProviderID
        self.appAuthToken = appAuthToken
        self.certificates = certificates
    }
}

extension AlipayConfiguration: CustomStringConvertible, CustomReflectable {
    /// Address and numbers; no keys.
    public var description: String { "app \(appID) of seller \(sellerID) at \(gatewayURL)" }

    /// Nothing of the keys.
    public var customMirror: Mirror { Mirror(self, children: ["appID": appID]) }
}

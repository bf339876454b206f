public import Simulator

/// The channel's settings for workers of tests in which the channel itself is never called.
public enum WorkerSettings {
    /// The channel's account and keys; nothing listens at its address.
    public static func channel(_ keys: SampleKeys) -> [String: String] {
        [
            "TALLY_ALIPAY_GATEWAY_URL": "http://127.0.0.1:9/gateway.do",
            "TALLY_ALIPAY_APP_ID": AlipayIdentity.sample.appID,
            "TALLY_ALIPAY_SELLER_ID": AlipayIdentity.sample.sellerID,
            "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE": keys.path(of: .appPrivate),
            "TALLY_ALIPAY_PUBLIC_KEY_FILE": keys.path(of: .alipayPublic),
            "TALLY_ALIPAY_NOTIFY_URL": "http://127.0.0.1:9/v1/channels/alipay/notify",
        ]
    }
}

public import Simulator

/// What a worker is told by its environment, where the channel itself is never asked.
public enum WorkerSettings {
    /// The channel's account and keys; its address is one where nobody answers.
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

/// The key files of a sample business, in one folder.
public enum SampleKeyFile: String, Sendable, CaseIterable {
    /// Signs the platform's requests to the channel.
    case appPrivate = "app_private.pem"
    /// Its public half, which the channel checks with.
    case appPublic = "app_public.pem"
    /// Signs the channel's answers and notifications.
    case alipayPrivate = "alipay_private.pem"
    /// Its public half, which the platform checks with.
    case alipayPublic = "alipay_public.pem"
    /// Signs what must not be believed.
    case attackerPrivate = "attacker_private.pem"
    /// Its public half.
    case attackerPublic = "attacker_public.pem"
    /// Signs the orders of the merchant that uses RSA2.
    case merchantPrivate = "merchant_private.pem"
    /// Its public half.
    case merchantPublic = "merchant_public.pem"
}

/// The key files of a sample business, in one folder.
public enum SampleKeyFile: String, Sendable, CaseIterable {
    /// Signs the platform's requests to the channel.
    case appPrivate = "app_private.pem"
    /// Its public key; the channel verifies with it.
    case appPublic = "app_public.pem"
    /// Signs the channel's responses and notifications.
    case alipayPrivate = "alipay_private.pem"
    /// Its public key; the platform verifies with it.
    case alipayPublic = "alipay_public.pem"
    /// Signs forged messages.
    case attackerPrivate = "attacker_private.pem"
    /// Its public key.
    case attackerPublic = "attacker_public.pem"
    /// Signs the orders of the merchant that uses RSA2.
    case merchantPrivate = "merchant_private.pem"
    /// Its public key.
    case merchantPublic = "merchant_public.pem"
}

/// Who the platform is at the simulated channel.
public struct AlipayIdentity: Sendable, Equatable, Codable {
    /// The application's number: `app_id`.
    public let appID: String
    /// The payee's number (PID): `seller_id`.
    public let sellerID: String

    /// The account that bills name: the payee's with the suffix of its balance account.
    public var billAccount: String { sellerID + "0156" }

    /// An identity by its numbers.
    public init(appID: String, sellerID: String) {
        self.appID = appID
        self.sellerID = sellerID
    }

    /// The one that sample stacks use.
    public static let sample = AlipayIdentity(
        appID: "2021000000000001", sellerID: "2088000000000001")
}

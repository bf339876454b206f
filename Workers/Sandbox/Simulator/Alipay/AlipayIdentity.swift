/// The platform's numbers at the simulated channel.
public struct AlipayIdentity: Sendable, Equatable, Codable {
    /// The application's number: `app_id`.
    public let appID: String
    /// The payee's number (PID): `seller_id`.
    public let sellerID: String

    /// The account that bills name: `seller_id` with the suffix of its balance account.
    public var billAccount: String { sellerID + "0156" }

    /// - Parameters:
    ///   - appID: 16 digits.
    ///   - sellerID: 16 digits that start with 2088.
    public init(appID: String, sellerID: String) {
        self.appID = appID
        self.sellerID = sellerID
    }

    /// The identity of every sample stack.
    public static let sample = AlipayIdentity(
        appID: "2021000000000001", sellerID: "2088000000000001")
}

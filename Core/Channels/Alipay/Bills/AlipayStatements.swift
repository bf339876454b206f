public import Channels
public import Payments

/// Reads Alipay's trade bills as statements; needs no keys.
public struct AlipayStatements: StatementReader {
    public let account: ChannelAccount

    // Bills name the payee's balance account: the PID with this suffix.
    private static let balanceSuffix = "0156"

    /// - Parameter sellerID: the payee's PID; empty where it isn't configured, and then bills of
    ///   every account are accepted.
    public init(appID: String, sellerID: String) {
        account = Self.account(appID: appID, sellerID: sellerID)
    }

    init(account: ChannelAccount) { self.account = account }

    public func statement(
        in file: [UInt8], of day: BusinessDay
    ) throws(BillError) -> Statement {
        try AlipayBill.parse(file, expectedAccount: account.billAccount, expectedDay: day)
    }

    static func account(appID: String, sellerID: String) -> ChannelAccount {
        ChannelAccount(
            channel: "alipay", appID: appID, sellerID: sellerID,
            billAccount: sellerID.isEmpty ? nil : sellerID + balanceSuffix)
    }
}

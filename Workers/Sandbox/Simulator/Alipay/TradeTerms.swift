public import Payments

/// The terms of a payment, as the platform's pay request states them.
public struct TradeTerms: Sendable, Equatable {
    /// `out_trade_no`.
    public let orderNo: String
    /// `total_amount`.
    public let amount: Money
    /// The text that the payer sees.
    public let subject: String
    /// `product_code`, for example `FAST_INSTANT_TRADE_PAY`.
    public let productCode: String
    /// `time_expire`: the last moment to pay is before this.
    public let expiresAt: Timestamp?
    /// The address of notifications.
    public let notifyURL: String?
    /// The address of the payer's browser after paying.
    public let returnURL: String?
    /// Returned unchanged in notifications.
    public let passback: String?
    /// `sub_merchant.merchant_id`: the indirect merchant.
    public let subMerchantNo: String?

    /// - Parameter productCode: fits the paying method.
    public init(
        orderNo: String, amount: Money, subject: String, productCode: String,
        expiresAt: Timestamp? = nil, notifyURL: String? = nil, returnURL: String? = nil,
        passback: String? = nil, subMerchantNo: String? = nil
    ) {
        self.orderNo = orderNo
        self.amount = amount
        self.subject = subject
        self.productCode = productCode
        self.expiresAt = expiresAt
        self.notifyURL = notifyURL
        self.returnURL = returnURL
        self.passback = passback
        self.subMerchantNo = subMerchantNo
    }
}

/// What each documented sub-code of a business failure (40004) means (channel protocol §1.9, §2.9,
/// §2.14).
enum AlipaySubCodes {
    /// The documented sub-codes, in upper case, with their meaning for each method that documents
    /// them.
    static let rows: [(subCode: String, methods: Set<AlipayMethod>, meaning: AlipayMeaning)] = [
        ("ACQ.TRADE_NOT_EXIST", trade, .finalNo),
        ("ACQ.INVALID_PARAMETER", trade, .finalNo),
        ("ACQ.ACCESS_FORBIDDEN", trade, .configuration),
        ("ACQ.PARTNER_ERROR", trade, .configuration),
        // State: the caller queries the trade.
        ("ACQ.TRADE_HAS_SUCCESS", trade, .finalNo),
        ("ACQ.TRADE_HAS_CLOSE", trade, .finalNo),
        ("ACQ.TRADE_HAS_FINISHED", trade, .finalNo),
        ("ACQ.TRADE_STATUS_ERROR", trade, .finalNo),
        ("ACQ.REASON_TRADE_STATUS_INVALID", [.close, .cancel], .finalNo),
        ("ACQ.REASON_ILLEGAL_STATUS", [.close, .cancel], .finalNo),
        ("ACQ.CONTEXT_INCONSISTENT", trade, .finalNo),
        ("ACQ.TRADE_BUYER_NOT_MATCH", trade, .finalNo),
        // Refunds: whatever can be corrected at the channel is repeated under the same number.
        ("ACQ.SELLER_BALANCE_NOT_ENOUGH", [.refund, .cancel], .notNow),
        ("ACQ.REASON_TRADE_BEEN_FREEZEN", [.refund, .cancel], .notNow),
        ("ACQ.SELLER_BEEN_BLOCKED", trade, .notNow),
        ("ACQ.MERCHANT_STATUS_NOT_NORMAL", trade, .notNow),
        ("ACQ.SECONDARY_MERCHANT_STATUS_ERROR", trade, .notNow),
        ("ACQ.SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT", trade, .notNow),
        ("ACQ.TRADE_SETTLE_ERROR", [.refund, .cancel], .notNow),
        ("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", [.refund], .finalNo),
        ("ACQ.DISCORDANT_REPEAT_REQUEST", [.refund], .finalNo),
        ("ACQ.REASON_TRADE_REFUND_FEE_ERR", [.refund], .finalNo),
        ("ACQ.REFUND_FEE_ERROR", [.refund], .finalNo),
        ("ACQ.REFUND_CHARGE_ERROR", [.refund], .finalNo),
        ("ACQ.TRADE_NOT_ALLOW_REFUND", [.refund], .finalNo),
        ("ACQ.NOT_ALLOW_PARTIAL_REFUND", [.refund], .finalNo),
        ("ACQ.TRADE_CANCEL_TIME_OUT", [.cancel], .finalNo),
        ("ACQ.CANCEL_NOT_ALLOWED", [.cancel], .finalNo),
        ("ACQ.SECONDARY_MERCHANT_ID_BLANK", trade, .configuration),
        ("ACQ.SECONDARY_MERCHANT_ID_INVALID", trade, .configuration),
        ("ACQ.SECONDARY_MERCHANT_NOT_MATCH", trade, .configuration),
        ("ACQ.MERCHANT_AGREEMENT_NOT_EXIST", trade, .configuration),
        // Agreements.
        ("USER_AGREEMENT_NOT_EXIST", agreements, .finalNo),
        ("AGREEMENT_HAS_UNSIGNED", agreements, .finalNo),
        ("AUTHOREE_IS_NOT_MATCH", agreements, .configuration),
        ("MERCHANT_STATUS_IS_NOT_NORMAL", agreements, .notNow),
        ("PRODUCT_CODE_NOT_SUPPORTED_ERROR", agreements, .configuration),
        ("USER_NOT_EXIST_ERROR", agreements, .finalNo),
        // Bills; whether there is none is decided by the hour of the call.
        ("BILL_NOT_EXIST", [.billAddress], .notNow),
        ("NO_BILL_DATA", [.billAddress], .notNow),
        ("ISP.BILL_NOT_EXIST", [.billAddress], .notNow),
        ("INVAILID_ARGUMENTS", [.billAddress], .finalNo),
        ("ISV.INVALID_ARGUMENTS", [.billAddress], .finalNo),
        ("TYPE_NOT_SUPPORTED", [.billAddress], .finalNo),
        ("BILL_DATE_BEFORE_REGISTRATION", [.billAddress], .finalNo),
        // Registrations. Any other is sent again, after a query: only a documented one is final.
        ("INVALID_PARAMETER", registrations, .finalNo),
        ("ORDER_NOT_EXIST", [.queryRegistration], .finalNo),
    ]

    /// The meaning of a sub-code in upper case; of one that isn't documented, what is safe.
    static func meaning(of subCode: String, method: AlipayMethod) -> AlipayMeaning {
        byMethod[Key(method: method, subCode: subCode)] ?? undocumented(method)
    }

    /// A refund may have moved money. Every other call is followed by a query, or repeated, if it
    /// isn't done.
    private static func undocumented(_ method: AlipayMethod) -> AlipayMeaning {
        method == .refund ? .unknown : .notNow
    }

    private struct Key: Hashable {
        let method: AlipayMethod
        let subCode: String
    }

    // Not the query of a refund: its refusals are about the query, and never end the refund.
    private static let trade: Set<AlipayMethod> = [.query, .close, .cancel, .refund]
    private static let registrations: Set<AlipayMethod> = [.uploadImage, .consult, .create]
    private static let agreements: Set<AlipayMethod> = [.agreement, .endAgreement]

    private static let byMethod: [Key: AlipayMeaning] = {
        var meanings: [Key: AlipayMeaning] = [:]
        for row in rows {
            for method in row.methods {
                meanings[Key(method: method, subCode: row.subCode)] = row.meaning
            }
        }
        return meanings
    }()
}

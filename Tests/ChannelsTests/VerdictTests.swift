import Payments
import Testing

@testable import Alipay
@testable import Channels

/// The table of result codes, row by row, written a second time from the channel protocol.
@Suite("What result codes mean")
struct VerdictTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let code: String
        let subCode: String?
        let method: AlipayMethod
        let meaning: AlipayMeaning

        var testDescription: String { "\(method.rawValue): \(code) \(subCode ?? "-")" }
    }

    private static func rows(
        _ meaning: AlipayMeaning, _ method: AlipayMethod, _ code: String, _ subCodes: String?...
    ) -> [Row] {
        subCodes.map { Row(code: code, subCode: $0, method: method, meaning: meaning) }
    }

    static let finalNo =
        rows(
            .finalNo, .refund, "40004", "ACQ.TRADE_NOT_EXIST", "ACQ.INVALID_PARAMETER",
            "ACQ.TRADE_HAS_CLOSE", "ACQ.TRADE_HAS_FINISHED", "ACQ.TRADE_STATUS_ERROR",
            "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "ACQ.DISCORDANT_REPEAT_REQUEST",
            "ACQ.REASON_TRADE_REFUND_FEE_ERR", "ACQ.REFUND_FEE_ERROR", "ACQ.REFUND_CHARGE_ERROR",
            "ACQ.TRADE_NOT_ALLOW_REFUND", "ACQ.NOT_ALLOW_PARTIAL_REFUND")
        + rows(
            .finalNo, .close, "40004", "ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_STATUS_ERROR",
            "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS", "ACQ.TRADE_HAS_CLOSE",
            "ACQ.TRADE_HAS_SUCCESS")
        + rows(
            .finalNo, .cancel, "40004", "ACQ.TRADE_CANCEL_TIME_OUT", "ACQ.CANCEL_NOT_ALLOWED",
            "ACQ.TRADE_HAS_FINISHED")
        + rows(.finalNo, .query, "40004", "ACQ.TRADE_NOT_EXIST", "ACQ.INVALID_PARAMETER")
        + rows(
            .finalNo, .endAgreement, "40004", "USER_AGREEMENT_NOT_EXIST",
            "AGREEMENT_HAS_UNSIGNED", "USER_NOT_EXIST_ERROR")
        + rows(.finalNo, .refund, "40002", "isv.invalid-parameter", "isv.suspected-attack")
        + rows(.finalNo, .refund, "40001", "isv.missing-method")

    static let notNow =
        rows(
            .notNow, .refund, "40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH",
            "ACQ.REASON_TRADE_BEEN_FREEZEN", "ACQ.TRADE_SETTLE_ERROR", "ACQ.SELLER_BEEN_BLOCKED",
            "ACQ.MERCHANT_STATUS_NOT_NORMAL", "ACQ.SECONDARY_MERCHANT_STATUS_ERROR")
        // A refused query never ends a refund.
        + rows(.notNow, .queryRefund, "40004", "ACQ.TRADE_NOT_EXIST", "ACQ.INVALID_PARAMETER")
        + rows(.notNow, .close, "40004", "ACQ.NOT_DOCUMENTED", nil)
        + rows(.notNow, .billAddress, "40004", "BILL_NOT_EXIST", "isp.bill_not_exist")
        + rows(.notNow, .endAgreement, "40004", "SIM.AGREEMENT_IN_USE")

    static let unknown =
        rows(
            .unknown, .refund, "40004", "ACQ.SYSTEM_ERROR", "AQC.SYSTEM_ERROR",
            "ACQ.NOT_DOCUMENTED", nil)
        + rows(.unknown, .close, "40004", "ACQ.SYSTEM_ERROR")
        + rows(.unknown, .cancel, "40004", "AQC.SYSTEM_ERROR")
        + rows(.unknown, .query, "20000", "isp.unknow-error", "aop.unknow-error", nil)
        + rows(.unknown, .refund, "99999", nil)
        + rows(.unknown, .refund, "10003", nil)
        + rows(.unknown, .billAddress, "40004", "UNKNOWN_ERROR")

    static let others =
        rows(.done, .refund, "10000", nil)
        + rows(
            .tooManyCalls, .query, "40005", "isv.app-call-limited", "isv.method-call-limited", nil)
        + rows(.tooManyCalls, .billAddress, "40004", "SYSTEM_RATE_LIMIT", "USER_RATE_LIMIT")
        + rows(
            .configuration, .refund, "40002", "isv.invalid-signature", "isv.invalid-app-id",
            "isv.invalid-timestamp", "isv.app-cert-expired")
        + rows(.configuration, .query, "40001", "isv.missing-signature", "isv.missing-app-id")
        + rows(.configuration, .query, "40003", "isv.missing-signature-config")
        + rows(.configuration, .query, "40006", "isv.insufficient-isv-permissions")
        + rows(.configuration, .query, "20001", "aop.invalid-app-auth-token")
        + rows(
            .configuration, .refund, "40004", "ACQ.ACCESS_FORBIDDEN", "ACQ.PARTNER_ERROR",
            "ACQ.SECONDARY_MERCHANT_ID_INVALID", "ACQ.MERCHANT_AGREEMENT_NOT_EXIST")
        + rows(.configuration, .endAgreement, "40004", "AUTHOREE_IS_NOT_MATCH")

    @Test(arguments: finalNo + notNow + unknown + others)
    func eachResultCodeHasItsMeaning(row: Row) {
        let meaning = AlipayVerdict.meaning(
            of: row.method, code: row.code, subCode: row.subCode)
        #expect(meaning == row.meaning)
    }

    @Test func noDocumentedSubCodeIsListedTwiceForAMethod() {
        var seen: Set<String> = []
        for row in AlipaySubCodes.rows {
            #expect(row.subCode == row.subCode.uppercased(), "\(row.subCode)")
            for method in row.methods {
                #expect(seen.insert("\(row.subCode) \(method)").inserted, "\(row.subCode)")
            }
        }
    }

    /// Only a documented sub-code ends a refund: anything else could be a refund that was made.
    @Test func anUndocumentedSubCodeNeverEndsARefund() {
        for subCode in ["ACQ.ANYTHING", "", "ACQ.TRADE_NOT_EXIST_YET", "ISV.WHATEVER"] {
            #expect(
                AlipayVerdict.meaning(of: .refund, code: "40004", subCode: subCode) == .unknown)
        }
    }
}

import Foundation
import Payments

/// The faults as JSON: names in snake case, amounts in fen, times in Beijing time; what is missing
/// is no fault.
extension ChannelFaults: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case losesNotifications = "loses_notifications"
        case losesRefundNotifications = "loses_refund_notifications"
        case repeatedNotifications = "repeated_notifications"
        case repeatDelay = "repeat_delay_seconds"
        case notificationDelay = "notification_delay_seconds"
        case wrongAmount = "wrong_amount_fen"
        case wrongApp = "wrong_app"
        case wrongSeller = "wrong_seller"
        case forged
        case queryErrors = "query_errors"
        case refundErrorsAfterEffect = "refund_errors_after_effect"
        case unsignedResponses = "unsigned_responses"
        case answers
        case keepsFeeOnRefund = "keeps_fee_on_refund"
        case merchantCoupon = "merchant_coupon_fen"
        case channelCoupon = "channel_coupon_fen"
        case billDelta = "bill_delta_fen"
        case backdatedPayment = "backdated_payment"
        case acceptsLatePayment = "accepts_late_payment"
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads the fields; a name that isn't a fault's is an error: a misspelt one is noticed.
    public init(from decoder: any Decoder) throws {
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        for name in try decoder.container(keyedBy: AnyName.self).allKeys
        where !known.contains(name.stringValue) {
            throw DecodingError.dataCorruptedError(
                forKey: name, in: try decoder.container(keyedBy: AnyName.self),
                debugDescription: "no fault is called '\(name.stringValue)'")
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func flag(_ key: CodingKeys) throws -> Bool {
            try fields.decodeIfPresent(Bool.self, forKey: key) ?? false
        }
        func number(_ key: CodingKeys) throws -> Int64? {
            try fields.decodeIfPresent(Int64.self, forKey: key)
        }
        func fen(_ key: CodingKeys) throws -> Money { Money(fen: try number(key) ?? 0) }
        self.init()
        losesNotifications = try flag(.losesNotifications)
        losesRefundNotifications = try flag(.losesRefundNotifications)
        repeatedNotifications = Int(try number(.repeatedNotifications) ?? 0)
        repeatDelay = try number(.repeatDelay) ?? 0
        notificationDelay = try number(.notificationDelay) ?? 0
        wrongAmount = try number(.wrongAmount).map { Money(fen: $0) }
        wrongApp = try flag(.wrongApp)
        wrongSeller = try flag(.wrongSeller)
        forged = try flag(.forged)
        queryErrors = Int(try number(.queryErrors) ?? 0)
        refundErrorsAfterEffect = Int(try number(.refundErrorsAfterEffect) ?? 0)
        unsignedResponses = Int(try number(.unsignedResponses) ?? 0)
        answers = try fields.decodeIfPresent([AnswerFault].self, forKey: .answers) ?? []
        keepsFeeOnRefund = try flag(.keepsFeeOnRefund)
        merchantCoupon = try fen(.merchantCoupon)
        channelCoupon = try fen(.channelCoupon)
        billDelta = try fen(.billDelta)
        backdatedPayment = try fields.decodeIfPresent(String.self, forKey: .backdatedPayment)
            .flatMap { Timestamp(shanghai: $0) }
        acceptsLatePayment = try flag(.acceptsLatePayment)
    }
}

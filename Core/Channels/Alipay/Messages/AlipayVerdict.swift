import Channels

/// The meaning of an answer's result codes (channel protocol §1.8, §1.9).
///
/// A final no needs a documented sub-code; whatever isn't documented leaves the outcome unknown.
enum AlipayVerdict {
    /// The code of success.
    static let success = "10000"
    /// The sub-code of an order that no payer has opened, or that doesn't exist.
    static let tradeNotExist = "ACQ.TRADE_NOT_EXIST"

    private static let businessFailure = "40004"

    /// The outcome of a call by the codes of its signed answer.
    /// - Throws: `ChannelError` where the codes don't say whether the call took effect, or where
    ///   limits or settings keep every call from it.
    static func outcome(
        of method: AlipayMethod, code: String, subCode: String?, message: String?
    ) throws(ChannelError) -> ChannelOutcome {
        let codes = "\(code)\(subCode.map { " \($0)" } ?? "")"
        let text = message ?? "no message"
        switch meaning(of: method, code: code, subCode: subCode) {
        case .done: return .done
        case .finalNo: return .refused(ChannelRefusal(code: subCode ?? code, message: text))
        case .notNow: return .refusedForNow(ChannelRefusal(code: subCode ?? code, message: text))
        case .unknown: throw .unknownOutcome(reason: "Alipay answered \(codes): \(text)")
        case .tooManyCalls: throw .rateLimited(reason: "Alipay answered \(codes)")
        case .configuration:
            throw .configuration(
                "Alipay answered \(codes): \(text); check the app's id, keys, clock, contract and "
                    + "authorisation")
        }
    }

    /// What an answer means for its call.
    static func meaning(
        of method: AlipayMethod, code: String, subCode: String?
    ) -> AlipayMeaning {
        let sub = (subCode ?? "").uppercased()
        // One method spells it AQC.SYSTEM_ERROR, bills UNKNOWN_ERROR.
        if sub.contains("SYSTEM_ERROR") || sub.contains("UNKNOWN_ERROR") { return .unknown }
        if sub.hasSuffix("RATE_LIMIT") || sub.hasSuffix("CALL-LIMITED") { return .tooManyCalls }
        switch code {
        case success: return .done
        case "40005": return .tooManyCalls
        case "20001", "40003", "40006": return .configuration
        case "40001", "40002": return isAboutTheApp(sub) ? .configuration : .finalNo
        case businessFailure: return AlipaySubCodes.meaning(of: sub, method: method)
        // 20000, and codes that the protocol doesn't list.
        default: return .unknown
        }
    }

    /// Whether a refusal says that the bill doesn't exist.
    static func isNoBill(_ code: String) -> Bool {
        // The documents and the gateway spell these differently.
        let plain = code.uppercased().filter { $0 != "_" && $0 != "-" }
        return plain.hasSuffix("BILLNOTEXIST") || plain.hasSuffix("NOBILLDATA")
    }

    private static func isAboutTheApp(_ subCode: String) -> Bool {
        ["SIGNATURE", "APP-ID", "TIMESTAMP", "AUTH-TOKEN", "CERT"].contains { subCode.contains($0) }
    }
}

/// What an answer means for its call.
enum AlipayMeaning: Sendable, Hashable {
    /// The call was carried out; what it did is in the answer's fields.
    case done
    /// Nothing was done, and the same call will never succeed.
    case finalNo
    /// Nothing was done, and the same call may succeed once a balance or a state has changed.
    case notNow
    /// It may have been done: query it, or repeat it with the same numbers.
    case unknown
    /// Nothing was done because there were too many calls.
    case tooManyCalls
    /// Nothing is done until keys, contract or authorisation are corrected.
    case configuration
}

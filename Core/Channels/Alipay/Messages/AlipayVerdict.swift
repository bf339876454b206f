import Channels

/// The meaning of a result code (channel protocol §1.8, §1.9).
enum AlipayVerdict {
    /// The code of success.
    static let success = "10000"
    private static let businessFailure = "40004"

    /// The outcome of a call by the codes of its signed answer.
    /// - Throws: `ChannelError` where the codes don't say whether the call took effect, or where
    ///   limits or settings keep every call from it.
    static func outcome(
        code: String, subCode: String?, message: String?
    ) throws(ChannelError) -> ChannelOutcome {
        let sub = subCode ?? ""
        let codes = "\(code)\(subCode.map { " \($0)" } ?? "")"
        // One method spells it AQC.SYSTEM_ERROR, bills UNKNOWN_ERROR.
        if sub.contains("SYSTEM_ERROR") || sub.contains("UNKNOWN_ERROR") {
            throw .unknownOutcome(reason: "Alipay answered \(codes)")
        }
        if sub.hasSuffix("RATE_LIMIT") { throw .rateLimited(reason: "Alipay answered \(codes)") }
        switch code {
        case success: return .done
        case businessFailure:
            return refusal(code, subCode, message ?? "refused")
        case "40005": throw .rateLimited(reason: "Alipay answered \(codes)")
        case "20001", "40003", "40006":
            throw .configuration(
                "Alipay answered \(codes): \(message ?? "no permission"); check the app's "
                    + "contract, keys and authorisation")
        case "40001", "40002":
            if isAboutTheApp(sub) {
                throw .configuration(
                    "Alipay answered \(codes): \(message ?? ""); check app id, keys and clock")
            }
            return refusal(code, subCode, message ?? "bad parameters")
        default:
            // 20000, and codes that the protocol doesn't list.
            throw .unknownOutcome(reason: "Alipay answered \(codes)")
        }
    }

    /// Whether a refusal says that the bill doesn't exist.
    static func isNoBill(_ code: String) -> Bool {
        // The documents and the gateway spell these differently.
        let plain = code.uppercased().filter { $0 != "_" && $0 != "-" }
        return plain.hasSuffix("BILLNOTEXIST") || plain.hasSuffix("NOBILLDATA")
    }

    private static func refusal(
        _ code: String, _ subCode: String?, _ message: String
    ) -> ChannelOutcome {
        let refusal = ChannelRefusal(code: subCode ?? code, message: message)
        // Without a sub-code there is no reason that could be final; a balance can be topped up.
        let mayChange = subCode?.contains("BALANCE_NOT_ENOUGH") ?? true
        return mayChange ? .refusedForNow(refusal) : .refused(refusal)
    }

    private static func isAboutTheApp(_ subCode: String) -> Bool {
        ["signature", "app-id", "timestamp", "auth-token", "cert"]
            .contains { subCode.lowercased().contains($0) }
    }
}

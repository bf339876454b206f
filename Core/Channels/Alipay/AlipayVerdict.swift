/// What a result code makes of a call (channel protocol §1.8, §1.9).
enum AlipayVerdict {
    /// The code of success.
    static let success = "10000"
    private static let businessFailure = "40004"

    /// Lets successes and refusals by business rules through; everything else is an error.
    static func check(
        code: String, subCode: String?, message: String?
    ) throws(ChannelError) {
        let sub = subCode ?? ""
        let told = "\(code)\(subCode.map { " \($0)" } ?? "")"
        // One method spells it AQC.SYSTEM_ERROR, bills UNKNOWN_ERROR.
        if sub.contains("SYSTEM_ERROR") || sub.contains("UNKNOWN_ERROR") {
            throw .unknownOutcome(reason: "Alipay answered \(told)")
        }
        if sub.hasSuffix("RATE_LIMIT") { throw .rateLimited(reason: "Alipay answered \(told)") }
        switch code {
        case success, businessFailure: return
        case "40005": throw .rateLimited(reason: "Alipay answered \(told)")
        case "20001", "40003", "40006":
            throw .configuration(
                "Alipay answered \(told): \(message ?? "no permission"); check the app's contract, "
                    + "keys and authorisation")
        case "40001", "40002":
            if isAboutTheApp(sub) {
                throw .configuration(
                    "Alipay answered \(told): \(message ?? ""); check app id, keys and clock")
            }
            throw .refused(code: code, subCode: subCode, message: message ?? "bad parameters")
        default:
            // 20000 and whatever is not known here.
            throw .unknownOutcome(reason: "Alipay answered \(told)")
        }
    }

    /// Whether the call says that there is no bill.
    static func isNoBill(_ subCode: String?) -> Bool {
        // The documents and the gateway spell these differently.
        let plain = (subCode ?? "").uppercased().filter { $0 != "_" && $0 != "-" }
        return plain.hasSuffix("BILLNOTEXIST") || plain.hasSuffix("NOBILLDATA")
    }

    private static func isAboutTheApp(_ subCode: String) -> Bool {
        ["signature", "app-id", "timestamp", "auth-token", "cert"]
            .contains { subCode.lowercased().contains($0) }
    }
}

/// The error of a server call (channel protocol §1.8).
struct AlipayError: Error, Sendable, Equatable {
    let code: String
    let message: String
    let subCode: String
    let subMessage: String
    /// Whether the gateway signs it: not where the app is unknown or its signature is wrong.
    var isSigned = true

    var node: [(String, String)] {
        [("code", code), ("msg", message), ("sub_code", subCode), ("sub_msg", subMessage)]
    }

    /// Whether the method refused, not the gateway before it.
    var isBusiness: Bool { code == "40004" }

    /// Whether only a wrong caller gets it. A state that changed meanwhile (paid, closed, expired)
    /// and an error of the system are no violations.
    var isViolation: Bool {
        switch code {
        case "40001", "40002", "40005", "40006": true
        default: TradeRefusal(rawValue: subCode)?.isViolation ?? false
        }
    }

    static func invalid(_ subCode: String, _ text: String, isSigned: Bool = true) -> AlipayError {
        AlipayError(
            code: "40002", message: "Invalid Arguments", subCode: subCode, subMessage: text,
            isSigned: isSigned)
    }

    static func missing(_ subCode: String, _ text: String) -> AlipayError {
        AlipayError(
            code: "40001", message: "Missing Required Arguments", subCode: subCode,
            subMessage: text, isSigned: false)
    }

    static func business(_ refusal: TradeRefusal) -> AlipayError {
        business(refusal.rawValue, refusal.message)
    }

    static func business(_ subCode: String, _ text: String) -> AlipayError {
        AlipayError(
            code: "40004", message: "Business Failed", subCode: subCode, subMessage: text)
    }

    static let systemError = business("ACQ.SYSTEM_ERROR", "系统繁忙")
    static let serviceUnavailable = AlipayError(
        code: "20000", message: "Service Currently Unavailable", subCode: "aop.unknow-error",
        subMessage: "系统繁忙")
    static let callLimited = AlipayError(
        code: "40005", message: "Call Limited", subCode: "isv.method-call-limited",
        subMessage: "接口调用次数已达上限")
    static let noPermission = AlipayError(
        code: "40006", message: "Insufficient Permissions",
        subCode: "isv.insufficient-isv-permissions", subMessage: "ISV权限不足")
}

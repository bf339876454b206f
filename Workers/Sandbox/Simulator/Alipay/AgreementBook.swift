/// The payers' agreements at the channel, by their number.
struct AgreementBook: Sendable {
    /// The channel's states (channel protocol §2.14).
    enum Status: String, Sendable, Codable {
        case pending = "TEMP"
        case active = "NORMAL"
        case ended = "STOP"
    }

    private(set) var agreements: [String: Status] = [:]

    /// The payer signs it, or the test puts it into any state.
    mutating func put(_ agreementNo: String, _ status: Status) {
        agreements[agreementNo] = status
    }

    func query(_ agreementNo: String?) throws(AlipayError) -> [(String, String)] {
        guard let agreementNo, let status = agreements[agreementNo] else {
            throw .business("USER_AGREEMENT_NOT_EXIST", "用户协议不存在")
        }
        return [
            ("agreement_no", agreementNo), ("status", status.rawValue),
            ("personal_product_code", "CYCLE_PAY_AUTH_P"), ("sign_scene", "INDUSTRY|DEFAULT"),
        ]
    }

    mutating func end(_ agreementNo: String?) throws(AlipayError) {
        guard let agreementNo, let status = agreements[agreementNo] else {
            throw .business("USER_AGREEMENT_NOT_EXIST", "用户协议不存在")
        }
        guard status != .ended else { throw .business("AGREEMENT_HAS_UNSIGNED", "协议已解约") }
        agreements[agreementNo] = .ended
    }
}

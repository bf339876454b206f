public import Channels
public import Payments

/// Agreements of payers (channel protocol §2.14).
extension AlipayChannel: AgreementChannel {
    /// `alipay.user.agreement.query`.
    public func agreement(
        _ agreementNo: String, now: Timestamp
    ) async throws(ChannelError) -> AgreementState {
        let form = try requests.agreement(.agreement, agreementNo, now: now)
        let (answer, node) = try await call(.agreement, form)
        switch answer.outcome {
        case .refused(let refusal) where refusal.code.contains("NOT_EXIST"): return .notFound
        case .refused(let refusal) where refusal.code.contains("HAS_UNSIGNED"): return .ended
        case .refused(let refusal), .refusedForNow(let refusal):
            throw .refused(code: refusal.code, subCode: nil, message: refusal.message)
        case .done, .pending: break
        }
        guard node["agreement_no"] == agreementNo else {
            throw .unknownOutcome(
                reason: "the answer is about agreement \(node["agreement_no"]?.prefix(64) ?? "-"), "
                    + "queried was \(agreementNo)")
        }
        switch node["status"] {
        case "TEMP": return .pending
        case "NORMAL": return .active
        case "STOP": return .ended
        default:
            throw .unknownOutcome(
                reason: "the status of agreement \(agreementNo) is "
                    + "'\(node["status"]?.prefix(32) ?? "")', which is not documented")
        }
    }

    /// `alipay.user.agreement.unsign`.
    public func endAgreement(
        _ agreementNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        let form = try requests.agreement(.endAgreement, agreementNo, now: now)
        return try await call(.endAgreement, form).answer
    }
}

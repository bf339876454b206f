public import Channels
public import Payments

/// Indirect merchants under the platform's contract, ZFT (channel protocol §2.12, §2.13).
extension AlipayChannel: OnboardingChannel {
    /// `alipay.security.risk.customerrisk.query`.
    public func blacklist(
        of form: ApplicationForm, externalNo: String, now: Timestamp
    ) async throws(ChannelError) -> BlacklistAnswer {
        let request = try requests.blacklist(form, externalNo: externalNo, now: now)
        let (answer, node) = try await call(.blacklist, request)
        guard case .done = answer.outcome, let results = node.texts(in: "risk_result") else {
            return BlacklistAnswer(.unclear)
        }
        let listed = AlipayRisk.allCases.filter { results[$0.rawValue] == "has_risk" }
        guard listed.isEmpty else {
            return BlacklistAnswer(
                .listed,
                listed: listed.map {
                    FieldProblem($0.field, "it is on the channel's blacklist")
                })
        }
        let isClear = AlipayRisk.allCases.allSatisfy { results[$0.rawValue] == "no_risk" }
        return BlacklistAnswer(isClear ? .clear : .unclear)
    }

    /// `ant.merchant.expand.indirect.image.upload`.
    public func upload(
        _ image: DocumentImage, now: Timestamp
    ) async throws(ChannelError) -> String {
        let form = try requests.upload(image, now: now)
        let (answer, node) = try await call(
            .uploadImage, form, file: AlipayFile(image))
        try Self.check(answer)
        guard let imageNo = node["image_id"] else {
            throw .unknownOutcome(reason: "Alipay's answer has no image_id")
        }
        return imageNo
    }

    /// `ant.merchant.expand.indirect.zft.consult` or `.create`.
    public func register(
        _ form: ApplicationForm, images: [DocumentKind: String], externalNo: String,
        phase: RegistrationPhase, now: Timestamp
    ) async throws(ChannelError) {
        let method = AlipayMethod(registering: phase)
        let request = try requests.registration(
            method, form, images: images, externalNo: externalNo, now: now)
        try Self.check(try await call(method, request).answer)
    }

    /// `ant.merchant.expand.indirect.zftorder.query`.
    public func registration(
        externalNo: String, phase: RegistrationPhase, now: Timestamp
    ) async throws(ChannelError) -> RegistrationState {
        let request = try requests.registrationQuery(externalNo: externalNo, now: now)
        let (answer, node) = try await call(.queryRegistration, request)
        if case .refused(let refusal) = answer.outcome, refusal.code.hasSuffix("NOT_EXIST") {
            return .notFound
        }
        try Self.check(answer)
        // Of others nothing is taken; of several orders of one kind the newest stands first.
        let order = node.objects("orders").first {
            $0["external_id"] == externalNo && $0["apply_type"] == phase.applyType
        }
        guard let order else { return .notFound }
        return try AlipayRegistration(order).state
    }

    private static func check(_ answer: ChannelAnswer) throws(ChannelError) {
        switch answer.outcome {
        case .done, .pending: break
        case .refused(let refusal):
            throw .refused(code: refusal.code, subCode: nil, message: refusal.message)
        case .refusedForNow(let refusal):
            throw .unknownOutcome(reason: "Alipay answered \(refusal)")
        }
    }
}

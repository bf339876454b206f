import Channels
import Payments

/// An order of `zftorder.query`.
struct AlipayRegistration {
    private let fields: [String: String]

    init(_ fields: [String: String]) { self.fields = fields }

    var state: RegistrationState {
        get throws(ChannelError) {
            switch fields["status"] {
            case "031":
                return fields["sub_confirm"] == "NOT_CONFIRM" ? .waitsForMerchant : .auditing
            case "99": return .done(channelMerchantNo: fields["smid"])
            case "-1": return .refused(reason: reason, fields: refusedFields)
            default:
                throw .unknownOutcome(
                    reason: "the status of the registration is "
                        + "'\(fields["status"]?.prefix(32) ?? "")', which is not documented")
            }
        }
    }

    private var reason: String {
        let memos = ["reason", "fk_audit_memo", "kz_audit_memo"].compactMap { fields[$0] }
        return memos.first { !$0.isEmpty } ?? "the channel gave no reason"
    }

    // The audit of risk is about the company, that of the card about the card.
    private var refusedFields: [FieldProblem] {
        [("fk_audit", ApplicationField.name), ("kz_audit", .cardNo)].compactMap { audit, field in
            guard fields[audit] == "REJECT" else { return nil }
            return FieldProblem(field, fields["\(audit)_memo"] ?? reason)
        }
    }
}

extension RegistrationPhase {
    var applyType: String {
        switch self {
        case .consult: "ZHIFUTONG_CONSULT"
        case .create: "ZHIFUTONG_CREATE"
        }
    }
}

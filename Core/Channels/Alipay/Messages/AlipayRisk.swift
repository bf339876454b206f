import Payments

/// The risks that the blacklist is queried for, each about a field.
enum AlipayRisk: String, CaseIterable {
    case identity = "riskinfo_cert_no"
    case card = "riskinfo_bank_card_no"
    case license = "riskinfo_business_license_no"

    var field: ApplicationField {
        switch self {
        case .identity: .legalPersonIDNo
        case .card: .cardNo
        case .license: .licenseNo
        }
    }

    var input: String {
        switch self {
        case .identity: "cert_no"
        case .card: "bank_card_no"
        case .license: "business_license_no"
        }
    }
}

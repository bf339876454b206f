/// A field of an application; its raw value names it in files, forms and refusals.
public enum ApplicationField: String, Sendable, Hashable, CaseIterable, Codable {
    /// The company's name, as on its licence.
    case name
    /// The name that payers are shown.
    case shortName = "short_name"
    /// The unified social credit code of the licence.
    case licenseNo = "license_no"
    /// The legal person's name.
    case legalPersonName = "legal_person_name"
    /// The legal person's identity number.
    case legalPersonIDNo = "legal_person_id_no"
    /// Whom the platform and the channel call.
    case contactName = "contact_name"
    /// The contact's mobile number.
    case contactMobile = "contact_mobile"
    /// The contact's e-mail address.
    case contactEmail = "contact_email"
    /// What payers call.
    case servicePhone = "service_phone"
    /// The merchant category code.
    case mcc
    /// Administrative code of the province.
    case provinceCode = "province_code"
    /// Administrative code of the city.
    case cityCode = "city_code"
    /// Administrative code of the district.
    case districtCode = "district_code"
    /// The rest of the address.
    case street
    /// The bank card that is paid out to.
    case cardNo = "card_no"
    /// The card's holder: the company or its legal person.
    case cardHolder = "card_holder"
    /// The card's bank.
    case bank
    /// The bank's branch.
    case bankBranch = "bank_branch"
    /// Where deliveries go.
    case callbackURL = "callback_url"
    /// The rates agreed.
    case rates
    /// What the first user signs in with.
    case login
    /// The documents' images.
    case images

    /// Whether its value is personal data: sealed at rest and shown masked.
    public var isPersonal: Bool {
        switch self {
        case .legalPersonName, .legalPersonIDNo, .contactName, .contactMobile, .contactEmail,
            .cardNo, .cardHolder:
            true
        default: false
        }
    }

    /// The fields that are texts of the form, in the order in which people enter them.
    public static let texts = allCases.filter { ![.rates, .login, .images].contains($0) }

    /// Whether an application must have it.
    public func isRequired(for kind: ApplicationKind) -> Bool {
        switch self {
        case .contactEmail, .bankBranch, .callbackURL: false
        case .shortName, .servicePhone, .mcc, .provinceCode, .cityCode, .districtCode, .street,
            .images:
            kind == .merchant
        default: true
        }
    }

    /// A value as it may be shown.
    public func masked(_ value: String) -> String {
        guard isPersonal, !value.isEmpty else { return value }
        let (first, last): (Int, Int) =
            switch self {
            case .cardNo: (6, 4)
            case .legalPersonIDNo: (3, 4)
            case .contactMobile: (3, 4)
            default: (1, 0)
            }
        guard value.count > first + last else { return String(repeating: "*", count: value.count) }
        let hidden = String(repeating: "*", count: min(8, value.count - first - last))
        return value.prefix(first) + hidden + value.suffix(last)
    }
}

/// What an application is for.
public enum ApplicationKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// A company that brings in merchants.
    case agent
    /// A seller that is paid by payers.
    case merchant
}

/// What is wrong with a field, or why it was refused.
public struct FieldProblem: Sendable, Hashable, Codable {
    /// The field.
    public let field: ApplicationField
    /// What is wrong and what to do, for the person who enters it.
    public let reason: String

    /// A field's problem.
    public init(_ field: ApplicationField, _ reason: String) {
        self.field = field
        self.reason = reason
    }
}

import Channels
import Payments

/// Requests about indirect merchants (channel protocol §2.12, §2.13).
extension AlipayRequests {
    func blacklist(
        _ form: ApplicationForm, externalNo: String, now: Timestamp
    ) throws(ChannelError) -> AlipayForm {
        let inputs = AlipayRisk.allCases.map { ($0.input, JSONText.Value.text(form[$0.field])) }
        return try self.form(
            .blacklist,
            [
                (
                    "risk_type",
                    .text(AlipayRisk.allCases.map(\.rawValue).joined(separator: ","))
                ),
                ("external_id", .text(externalNo)), ("company_name", .text(form[.name])),
                ("mobile_no", .text(form[.contactMobile])),
            ] + inputs, now: now)
    }

    func upload(_ image: DocumentImage, now: Timestamp) throws(ChannelError) -> AlipayForm {
        try form(.uploadImage, [], now: now, more: [("image_type", image.format.rawValue)])
    }

    func registrationQuery(
        externalNo: String, now: Timestamp
    ) throws(ChannelError) -> AlipayForm {
        try form(.queryRegistration, [("external_id", .text(externalNo))], now: now)
    }

    func registration(
        _ method: AlipayMethod, _ form: ApplicationForm, images: [DocumentKind: String],
        externalNo: String, now: Timestamp
    ) throws(ChannelError) -> AlipayForm {
        func text(_ field: ApplicationField) -> JSONText.Value { .text(form[field]) }
        let isCorporate = form[.cardHolder] == form[.name]
        let card: [(String, JSONText.Value)] = [
            ("account_no", text(.cardNo)), ("account_holder_name", text(.cardHolder)),
            ("usage_type", .text(isCorporate ? "01" : "02")), ("account_type", .text("DC")),
            ("account_inst_name", text(.bank)), ("account_branch_name", text(.bankBranch)),
        ]
        let services = Product.allCases.filter { form.rates[$0] != nil }.map { product in
            switch product {
            case .pc: "电脑支付"
            case .wap: "wap支付"
            case .app: "app支付"
            }
        }
        let documents: [(String, JSONText.Value)] = [
            ("cert_image", .text(images[.license] ?? "")),
            ("legal_cert_front_image", .text(images[.idFront] ?? "")),
            ("legal_cert_back_image", .text(images[.idBack] ?? "")),
        ]
        let address: [(String, JSONText.Value)] = [
            ("province_code", text(.provinceCode)), ("city_code", text(.cityCode)),
            ("district_code", text(.districtCode)), ("address", text(.street)),
        ]
        return try self.form(
            method,
            [
                ("external_id", .text(externalNo)), ("name", text(.name)),
                ("alias_name", text(.shortName)), ("merchant_type", .text("01")),
                ("mcc", text(.mcc)), ("cert_no", text(.licenseNo)), ("cert_type", .text("201")),
                ("legal_name", text(.legalPersonName)),
                ("legal_cert_no", text(.legalPersonIDNo)),
                ("service_phone", text(.servicePhone)), ("service", .strings(services)),
                (
                    "contact_infos",
                    .list([
                        .object([
                            ("name", text(.contactName)), ("mobile", text(.contactMobile)),
                            ("type", .text("LEGAL_PERSON")),
                        ])
                    ])
                ),
                ("business_address", .object(address)), ("biz_cards", .list([.object(card)])),
            ] + documents, now: now)
    }
}

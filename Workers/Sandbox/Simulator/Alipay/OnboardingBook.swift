import Payments

/// The merchants that the platform has registered under its contract (channel protocol §2.12), by
/// the platform's number of them.
///
/// What the channel decides is in the merchant's name, so that a test or a visitor chooses it: one
/// with `黑名单` is on the blacklist, with `风险未知` graded, with `风控拒绝` or `卡拒绝` refused by the
/// audit of risk or of the card, with `待审` audited without end. Every other is open twenty seconds
/// after it was created.
struct OnboardingBook: Sendable {
    /// An order of a registration.
    struct Order: Sendable, Equatable {
        let orderID: String
        let externalID: String
        let applyType: String
        let name: String
        let createdAt: Timestamp
        let smid: String
    }

    private(set) var orders: [Order] = []
    private(set) var imageIDs: Set<String> = []

    private static let auditSeconds: Int64 = 20

    /// The merchants that were created, each as often as it was.
    var created: [String] {
        orders.filter { $0.applyType == "ZHIFUTONG_CREATE" }.map(\.externalID)
    }

    func risk(_ content: BusinessContent) throws(AlipayError) -> [(String, String)] {
        guard let types = content["risk_type"]?.split(separator: ",").map(String.init),
            let name = content["company_name"], content["cert_no"] != nil,
            content["bank_card_no"] != nil, content["business_license_no"] != nil
        else { throw .business("INVALID_PARAMETER", "参数有误") }
        let results = types.map { type -> (String, String) in
            let isListed = name.contains("黑名单") && type == "riskinfo_cert_no"
            return (type, isListed ? "has_risk" : name.contains("风险未知") ? "rank_5" : "no_risk")
        }
        return [("risk_result", OrderedJSON.object(results))]
    }

    mutating func upload(_ file: [UInt8]?) throws(AlipayError) -> [(String, String)] {
        guard let file, (try? DocumentImage(.license, file)) != nil else {
            throw .business("INVALID_PARAMETER", "图片无法识别")
        }
        let imageID = "img-\(imageIDs.count + 1)"
        imageIDs.insert(imageID)
        return [("image_id", imageID)]
    }

    mutating func register(
        _ content: BusinessContent, applyType: String, at now: Timestamp
    ) throws(AlipayError) -> [(String, String)] {
        guard let externalID = content["external_id"], let name = content["name"] else {
            throw .business("INVALID_PARAMETER", "参数有误")
        }
        let needed = [
            "alias_name", "mcc", "cert_no", "legal_name", "legal_cert_no", "service_phone",
        ]
        if let missing = needed.first(where: { content[$0] == nil }) {
            throw .business("INVALID_PARAMETER", "缺少参数 \(missing)")
        }
        let images = ["cert_image", "legal_cert_front_image", "legal_cert_back_image"]
        guard images.allSatisfy({ content[$0].map(imageIDs.contains) == true }) else {
            throw .business("INVALID_PARAMETER", "图片不存在")
        }
        guard
            !orders.contains(where: {
                $0.externalID == externalID && $0.applyType == applyType
            })
        else { throw .business("EXTERNAL_ID_REPEATED", "外部商户编号重复") }
        let count = String(orders.count + 1)
        let zeros = String(repeating: "0", count: max(0, 9 - count.count))
        let order = Order(
            orderID: "ZFT\(zeros)\(count)", externalID: externalID, applyType: applyType,
            name: name, createdAt: now, smid: "2088300\(zeros)\(count)")
        orders.append(order)
        return [("order_id", order.orderID)]
    }

    func query(
        _ content: BusinessContent, at now: Timestamp
    ) throws(AlipayError) -> [[(String, String)]] {
        guard let externalID = content["external_id"] else {
            throw .business("INVALID_PARAMETER", "参数有误")
        }
        let found = orders.filter { $0.externalID == externalID }.reversed()
        guard !found.isEmpty else { throw .business("ORDER_NOT_EXIST", "申请单不存在") }
        return found.map { order in
            [
                ("order_id", order.orderID), ("external_id", externalID),
                ("merchant_name", order.name), ("apply_type", order.applyType),
            ] + state(of: order, at: now)
        }
    }

    private func state(of order: Order, at now: Timestamp) -> [(String, String)] {
        let isDue = now >= order.createdAt.adding(seconds: Self.auditSeconds)
        guard isDue, !order.name.contains("待审") else {
            return [("status", "031"), ("fk_audit", "CREATE"), ("kz_audit", "CREATE")]
        }
        let isConsult = order.applyType == "ZHIFUTONG_CONSULT"
        if isConsult, order.name.contains("风控拒绝") {
            return [
                ("status", "-1"), ("fk_audit", "REJECT"), ("fk_audit_memo", "经营范围不符"),
                ("kz_audit", "SKIP"), ("reason", "风控审核不通过"),
            ]
        }
        if !isConsult, order.name.contains("卡拒绝") {
            return [
                ("status", "-1"), ("fk_audit", "PASS"), ("kz_audit", "REJECT"),
                ("kz_audit_memo", "结算卡户名不一致"), ("reason", "卡审核不通过"),
            ]
        }
        return [("status", "99"), ("fk_audit", "PASS"), ("kz_audit", "PASS")]
            + (isConsult ? [] : [("sub_confirm", "FINISH"), ("smid", order.smid)])
    }
}

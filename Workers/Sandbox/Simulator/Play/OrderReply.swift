/// The fields of the gateway's replies that the player reads.
struct OrderReply: Decodable, Sendable, Equatable {
    let orderNo: String?
    let status: String?
    let payURL: String?
    let payParams: String?

    enum CodingKeys: String, CodingKey {
        case orderNo = "order_no"
        case status
        case payURL = "pay_url"
        case payParams = "pay_params"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        orderNo = try fields.decodeIfPresent(String.self, forKey: .orderNo)
        // In a problem document `status` is a number.
        status = try? fields.decodeIfPresent(String.self, forKey: .status)
        payURL = try fields.decodeIfPresent(String.self, forKey: .payURL)
        payParams = try fields.decodeIfPresent(String.self, forKey: .payParams)
    }

    /// Whether the payer can be sent to the cashier.
    var isPayable: Bool { payURL != nil || payParams != nil }
}

/// The members of the gateway's answers that the player reads.
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
        let members = try decoder.container(keyedBy: CodingKeys.self)
        orderNo = try members.decodeIfPresent(String.self, forKey: .orderNo)
        // In a problem document `status` is a number.
        status = try? members.decodeIfPresent(String.self, forKey: .status)
        payURL = try members.decodeIfPresent(String.self, forKey: .payURL)
        payParams = try members.decodeIfPresent(String.self, forKey: .payParams)
    }

    /// Whether the payer can be sent to the cashier.
    var isPayable: Bool { payURL != nil || payParams != nil }
}

/// A delivery as its body and headers say, and whether its signature is the right one.
struct ReceivedDelivery: Sendable, Equatable {
    /// The receiver: an agent or a merchant.
    let partyNo: String
    /// `Tally-Delivery-Id`; empty where the header is missing.
    var deliveryID = ""
    let eventID: String
    let event: String
    var orderNo = ""
    let merchantOrderNo: String
    var amountFen: Int64 = 0
    var refundedFen: Int64 = 0
    /// The order's status in the body.
    var status = ""
    let isSigned: Bool
}

/// What a delivery says, after its signature was checked.
struct ReceivedDelivery: Sendable, Equatable {
    let partyNo: String
    let eventID: String
    let event: String
    let merchantOrderNo: String
    let isSigned: Bool
}

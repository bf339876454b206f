/// The reply of a party's system to one attempt.
enum ReceiverReaction: Sendable, Equatable {
    case acknowledge
    case status500
    case bodyFail
    case hang
    case refuse
}

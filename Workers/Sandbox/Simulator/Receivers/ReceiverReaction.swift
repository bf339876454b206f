/// What a party's system does with one attempt.
enum ReceiverReaction: Sendable, Equatable {
    case acknowledge
    case status500
    case bodyFail
    case hang
    case refuse
}

import Events

/// The roles that the suite kills: those that orders and payments go through.
enum FaultRole: String, CaseIterable, Sendable {
    case signature, callback

    /// The topic that it reads.
    var topic: String {
        switch self {
        case .signature: OrderSubmitted.topic
        case .callback: CallbackReceived.topic
        }
    }
}

import Channels
import Events
import Payments

/// What is stored after the bank's reply, or its lack, to one attempt of a payout.
enum PayoutDecision: Equatable {
    /// Final: the state, the journal and the event are stored together.
    case complete(PayoutOutcome, bankRef: String?, reason: String?)
    /// Not final: queried again later. `isTaken` says that the bank has the payout.
    case postpone(isTaken: Bool, bankRef: String?, reason: String)

    /// The decision on a reply to a payment or a query.
    init(_ reply: PayoutAnswer) {
        switch reply {
        case .accepted(let bankRef):
            self = .postpone(isTaken: true, bankRef: bankRef, reason: "the bank is processing it")
        case .succeeded(let bankRef, _):
            self = .complete(.succeeded, bankRef: bankRef, reason: nil)
        case .failed(let reason): self = .complete(.failed, bankRef: nil, reason: reason)
        case .notFound:
            self = .postpone(isTaken: false, bankRef: nil, reason: "the bank has no such payout")
        }
    }

    /// The decision where a payment had no reply, or a refusal.
    ///
    /// Only a refusal of the payment itself is final: the bank says that nothing is paid. A number
    /// that was used with other content (409) is not: money may have moved under it.
    init(payFailed error: ChannelError) {
        if case .refused(let code, let subCode, let message) = error, code != "409" {
            self = .complete(
                .failed, bankRef: nil, reason: "refused by the bank: \(subCode ?? code): \(message)"
            )
        } else {
            self.init(queryFailed: error)
        }
    }

    /// The decision where a query had no reply that can be used: the outcome is as unknown as
    /// before.
    init(queryFailed error: ChannelError) {
        self = .postpone(isTaken: false, bankRef: nil, reason: "outcome unknown: \(error)")
    }
}

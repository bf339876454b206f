import Channels
import Synchronization

/// A bank whose replies are set by the test; it records the calls in order.
final class BankDouble: BankChannel {
    enum Call: Equatable {
        case pay(PayoutOrder)
        case query(String)
    }

    private let recorded = Mutex<[Call]>([])
    private let payReply: Result<PayoutAnswer, ChannelError>
    private let queryReply: Result<PayoutAnswer, ChannelError>

    init(
        pay: Result<PayoutAnswer, ChannelError> = .failure(.configuration("not set")),
        query: Result<PayoutAnswer, ChannelError> = .failure(.configuration("not set"))
    ) {
        payReply = pay
        queryReply = query
    }

    var calls: [Call] { recorded.withLock { $0 } }

    func pay(_ order: PayoutOrder) async throws(ChannelError) -> PayoutAnswer {
        recorded.withLock { $0.append(.pay(order)) }
        return try payReply.get()
    }

    func query(payoutNo: String) async throws(ChannelError) -> PayoutAnswer {
        recorded.withLock { $0.append(.query(payoutNo)) }
        return try queryReply.get()
    }
}

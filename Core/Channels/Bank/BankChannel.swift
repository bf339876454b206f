/// A bank that makes payouts.
public protocol BankChannel: Sendable {
    /// Submits a payout. The same number with the same content is paid once, however often it is
    /// submitted.
    func pay(_ order: PayoutOrder) async throws(ChannelError) -> PayoutAnswer

    /// Queries the state of a payout.
    func query(payoutNo: String) async throws(ChannelError) -> PayoutAnswer
}

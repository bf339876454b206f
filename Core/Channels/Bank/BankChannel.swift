/// A bank that pays out.
public protocol BankChannel: Sendable {
    /// Has a payout made. The same number with the same content is made once, however often asked.
    func pay(_ order: PayoutOrder) async throws(ChannelError) -> PayoutAnswer

    /// Asks what became of a payout.
    func query(payoutNo: String) async throws(ChannelError) -> PayoutAnswer
}

import Payments

/// How the bank treats payouts: decided by the seed and by who is paid how much, never by chance.
public struct BankPolicy: Sendable {
    /// The day's random.
    public var seed: UInt64
    /// Half the payouts take this long, in seconds of business time; the others are done at once.
    public var processingSeconds: Int64 = 120
    /// Whether the answer to the first payout of each business day gets lost.
    public var losesFirstAnswer = true
    /// How many more answers get lost, in parts per million.
    public var lostAnswersPPM: UInt64 = 20_000
    /// How many payouts fail because the card was closed, in parts per million.
    public var failuresPPM: UInt64 = 0
    /// Cards that are closed.
    public var closedCards: Set<String> = []

    /// The usual bank of a seed.
    public init(seed: UInt64) { self.seed = seed }

    func delay(of request: BankRequest) -> Int64 {
        roll("delay", request) < 500_000 ? processingSeconds : 0
    }

    func failure(of request: BankRequest) -> String? {
        closedCards.contains(request.payeeCardNo) || roll("failure", request) < failuresPPM
            ? "card_closed" : nil
    }

    func losesAnswer(of request: BankRequest) -> Bool {
        roll("answer", request) < lostAnswersPPM
    }

    private func roll(_ what: String, _ request: BankRequest) -> UInt64 {
        var random = SeededRandom(
            seed: seed, label: "bank|\(what)|\(request.payeeCardNo)|\(request.amountFen)")
        return random.next() % 1_000_000
    }
}

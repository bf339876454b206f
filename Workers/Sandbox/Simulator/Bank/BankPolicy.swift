import Payments

/// How the bank treats payouts: a function of the seed, the card and the amount, so that it is the
/// same in every run.
public struct BankPolicy: Sendable {
    /// Seeds every draw.
    public var seed: UInt64
    /// Half the payouts are processing this long, in seconds of business time; the others are final
    /// at once.
    public var processingSeconds: Int64 = 120
    /// Whether the response to the first payout of each business day is lost.
    public var losesFirstResponse = true
    /// How many more responses are lost, in parts per million.
    public var lostResponsesPPM: UInt64 = 20_000

    /// The bank of a played day.
    public init(seed: UInt64) { self.seed = seed }

    func delay(of request: BankRequest) -> Int64 {
        draw("delay", request) < 500_000 ? processingSeconds : 0
    }

    func losesResponse(of request: BankRequest) -> Bool {
        draw("answer", request) < lostResponsesPPM
    }

    private func draw(_ purpose: String, _ request: BankRequest) -> UInt64 {
        var random = SeededRandom(
            seed: seed, label: "bank|\(purpose)|\(request.payeeCardNo)|\(request.amountFen)")
        return random.next() % 1_000_000
    }
}

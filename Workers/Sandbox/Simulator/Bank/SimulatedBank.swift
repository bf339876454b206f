import Payments
import WorkerRuntime

/// The bank to pay out through: keeps payouts in memory and loses a response now and then.
public actor SimulatedBank {
    private var book: BankBook
    private let clock: any BusinessClock

    init(policy: BankPolicy, clock: any BusinessClock) {
        book = BankBook(policy: policy)
        self.clock = clock
    }

    /// Every payout number that was sent, with the calls about it, by number.
    public func records() -> [BankRecord] {
        book.records.values.sorted { $0.request.payoutNo < $1.request.payoutNo }
    }

    /// What the platform did against the bank's rules so far.
    public func violations() -> [String] { book.violations.entries }

    /// Makes the behaviour at some cards certain.
    public func force(_ mishaps: [BankMishap]) { book.force(mishaps) }

    func submit(_ request: BankRequest) -> BankResponse { book.submit(request, at: clock.now()) }

    func query(_ payoutNo: String) -> BankPayout? { book.query(payoutNo) }
}

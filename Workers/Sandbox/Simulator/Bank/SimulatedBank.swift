import Payments
import WorkerRuntime

/// The bank to pay out through: keeps payouts in memory and loses an answer now and then.
public actor SimulatedBank {
    private var book: BankBook
    private let clock: any BusinessClock

    init(policy: BankPolicy, clock: any BusinessClock) {
        book = BankBook(policy: policy)
        self.clock = clock
    }

    /// Every payout, by number.
    public func payouts() -> [BankPayout] {
        book.payouts.values.sorted { $0.request.payoutNo < $1.request.payoutNo }
    }

    func submit(_ request: BankRequest) -> BankAnswer { book.submit(request, at: clock.now()) }

    func query(_ payoutNo: String) -> BankPayout? { book.query(payoutNo) }
}

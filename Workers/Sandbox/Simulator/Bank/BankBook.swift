public import Payments

/// The bank's payouts: what was asked, what came of it; no clock and no sockets.
public struct BankBook: Sendable {
    /// Every payout by its number.
    public private(set) var payouts: [String: BankPayout] = [:]
    private let policy: BankPolicy
    private var lostDays: Set<BusinessDay> = []

    /// A bank that behaves as `policy` says.
    public init(policy: BankPolicy) { self.policy = policy }

    /// Takes a payout; the same number with the same content is the same payout.
    public mutating func submit(_ request: BankRequest, at now: Timestamp) -> BankAnswer {
        if let earlier = payouts[request.payoutNo] {
            guard earlier.request == request else { return .conflict }
            return .known(earlier, isLost: false)
        }
        let payout = BankPayout(
            request: request, bankRef: "BK\(payouts.count + 1_000_001)",
            settlesAt: now.adding(seconds: policy.delay(of: request)),
            failure: policy.failure(of: request))
        payouts[request.payoutNo] = payout
        let isFirstOfDay =
            policy.losesFirstAnswer && lostDays.insert(BusinessDay.containing(now)).inserted
        return .known(payout, isLost: isFirstOfDay || policy.losesAnswer(of: request))
    }

    /// What the bank knows of a payout.
    public func query(_ payoutNo: String) -> BankPayout? { payouts[payoutNo] }
}

import Payments

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

/// A payout as it was asked for.
public struct BankRequest: Sendable, Equatable, Codable {
    /// The platform's number, unique for ever.
    public let payoutNo: String
    /// In fen.
    public let amountFen: Int64
    /// The account's holder.
    public let payeeName: String
    /// The account.
    public let payeeCardNo: String
    /// What the payee reads on its statement.
    public let purpose: String

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case amountFen = "amount_fen"
        case payeeName = "payee_name"
        case payeeCardNo = "payee_card_no"
        case purpose
    }

    /// A request by its members.
    public init(
        payoutNo: String, amountFen: Int64, payeeName: String, payeeCardNo: String,
        purpose: String
    ) {
        self.payoutNo = payoutNo
        self.amountFen = amountFen
        self.payeeName = payeeName
        self.payeeCardNo = payeeCardNo
        self.purpose = purpose
    }
}

/// A payout that the bank has taken.
public struct BankPayout: Sendable, Equatable {
    /// What was asked.
    public let request: BankRequest
    /// The bank's own number.
    public let bankRef: String
    /// When it is done, in business time.
    public let settlesAt: Timestamp
    /// Why it fails; `nil` if it succeeds.
    public let failure: String?

    /// `processing`, `succeeded` or `failed`, at `now`.
    public func status(at now: Timestamp) -> String {
        guard now >= settlesAt else { return "processing" }
        return failure == nil ? "succeeded" : "failed"
    }
}

/// What the bank says to a payout.
public enum BankAnswer: Sendable, Equatable {
    /// It has it; where `isLost`, the caller never hears so.
    case known(BankPayout, isLost: Bool)
    /// The number was used for something else.
    case conflict
}

public import Payments

/// The bank's payouts and every call about them: no clock and no sockets.
///
/// It is as strict as a real bank: a number is paid once. Paying a number again is allowed only
/// after a query of it was answered `not_found`; anything else is a violation.
public struct BankBook: Sendable {
    /// Every number that was ever named, by the number.
    public private(set) var records: [String: BankRecord] = [:]
    /// Numbers that were sent again although the rules forbid it.
    public private(set) var violations = ViolationLog()
    private let policy: BankPolicy
    private var mishaps: [String: BankMishap] = [:]
    private var lostDays: Set<BusinessDay> = []
    private var taken = 0

    /// A bank that behaves as `policy` says.
    public init(policy: BankPolicy) { self.policy = policy }

    /// Makes the behaviour at some cards certain.
    public mutating func force(_ mishaps: [BankMishap]) {
        for mishap in mishaps { self.mishaps[mishap.cardNo] = mishap }
    }

    /// Takes a payout; the same number with the same content is the same payout.
    public mutating func submit(_ request: BankRequest, at now: Timestamp) -> BankResponse {
        var record = records[request.payoutNo] ?? BankRecord(request: request)
        checkRepeat(of: record, by: request)
        record.pays += 1
        record.isClearedForPay = false
        defer { records[request.payoutNo] = record }
        if let earlier = record.payout {
            return earlier.request == request ? .known(earlier, isLost: false) : .conflict
        }
        let mishap = mishaps[request.payeeCardNo]?.kind
        if mishap == .refusesPayee {
            record.refusal = "payee_name_mismatch"
            return .refused(reason: "payee_name_mismatch")
        }
        if mishap == .losesRequest, record.pays == 1 { return .unavailable }
        taken += 1
        let payout = BankPayout(
            request: request, bankRef: "BK\(taken + 1_000_000)", takenAt: now,
            settlesAt: now.adding(seconds: policy.delay(of: request)),
            failure: mishap == .closesCard ? "card_closed" : nil)
        record.payout = payout
        let isFirstOfDay =
            policy.losesFirstResponse && lostDays.insert(BusinessDay.containing(now)).inserted
        return .known(payout, isLost: isFirstOfDay || policy.losesResponse(of: request))
    }

    /// What the bank knows of a payout; `nil` is `not_found`, which allows paying it again.
    public mutating func query(_ payoutNo: String) -> BankPayout? {
        guard var record = records[payoutNo] else { return nil }
        record.queries += 1
        record.isClearedForPay = record.payout == nil
        records[payoutNo] = record
        return record.payout
    }

    private mutating func checkRepeat(of record: BankRecord, by request: BankRequest) {
        guard record.pays > 0 else { return }
        let number = request.payoutNo
        if record.request != request {
            violations.record("payout \(number) was sent again with other content")
        } else if record.payout != nil {
            violations.record("payout \(number) was sent again although the bank has it")
        } else if !record.isClearedForPay {
            violations.record("payout \(number) was sent again without a query before it")
        }
    }
}

/// A payout number and the calls about it.
public struct BankRecord: Sendable, Equatable {
    /// The first request under this number.
    public let request: BankRequest
    /// What the bank has taken; `nil` where it refused or never received the request.
    public internal(set) var payout: BankPayout?
    /// Why the bank refused it; `nil` where it didn't.
    public internal(set) var refusal: String?
    /// How many times it was sent.
    public internal(set) var pays = 0
    /// How many times it was queried since it was first sent.
    public internal(set) var queries = 0
    /// Whether the last call was a query answered `not_found`.
    var isClearedForPay = false

    init(request: BankRequest) { self.request = request }
}

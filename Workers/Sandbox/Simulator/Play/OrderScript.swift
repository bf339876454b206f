import Payments

/// Turns an order's scenario into actions with times.
struct OrderScript {
    private let order: PlannedOrder
    private let day: BusinessDay
    private var random: SeededRandom
    private var made: [PlannedAction] = []

    /// Between a payment and its refund, and between two refunds, in seconds.
    static let refundGap: Int64 = 900

    init(seed: UInt64, day: BusinessDay, order: PlannedOrder) {
        self.order = order
        self.day = day
        random = SeededRandom(seed: seed, label: "script|\(order.index)")
    }

    /// The order's actions, by time.
    mutating func actions() -> [PlannedAction] {
        made = []
        let submitted = submissionTime()
        add(.submit, submitted)
        switch order.scenario {
        case .badSignature, .unknownMerchant, .productNotAllowed, .staleTimestamp,
            .unknownKeyVersion, .abandoned:
            break
        case .left: add(.arrive, submitted + random.number(in: 20...240))
        case .closedByMerchant:
            if random.number(in: 0...1) == 0 {
                add(.arrive, submitted + random.number(in: 20...240))
            }
            add(.close, submitted + random.number(in: 420...780))
        case .lateAcrossMidnight:
            add(.arrive, submitted + 10)
            add(.pay, Self.day + random.number(in: 60...480))
        case .paidAfterClose:
            let time = Self.day + 2400 + random.number(in: 0...120)
            add(.arrive, time)
            add(.pay, time + 20)
        case .bookedNextDay:
            add(.arrive, submitted + 120)
            add(.pay, Self.day)
        case .repeated:
            add(.submitAgain(signedAnew: false), submitted + random.number(in: 1...20))
            add(.submitAgain(signedAnew: true), submitted + random.number(in: 60...200))
            pay(after: submitted + 200)
        case .otherContent:
            let other = order.amount + Money(fen: random.number(in: 1...500))
            add(.submitOther(amount: other), submitted + random.number(in: 5...60))
            pay(after: submitted + 60)
        case .refundedInFull, .refundedInPart, .refundedInPieces, .refundAnswerLost:
            refund(after: pay(after: submitted))
        case .ownSystem:
            // The merchant requests the pay address in a later step.
            pay(after: submitted + 300)
        case .notificationLost, .notificationRepeated, .notificationDelayed,
            .notificationForged, .wrongAmountNotified, .wrongAppNotified, .wrongSellerNotified,
            .queryError, .answerUnsigned, .wrongBill, .paid:
            pay(after: submitted)
        }
        return made
    }

    /// The length of a day, in seconds.
    private static let day: Int64 = 86_400

    /// Seconds after midnight. Ordinary orders end well before the next midnight.
    private mutating func submissionTime() -> Int64 {
        switch order.scenario {
        case .lateAcrossMidnight: Self.day - random.number(in: 330...540)
        case .paidAfterClose: Self.day - random.number(in: 660...1200)
        case .bookedNextDay: Self.day - random.number(in: 1800...3000)
        case .refundedInFull, .refundedInPart, .refundedInPieces, .refundAnswerLost:
            random.number(in: 300...72_000)
        default: random.number(in: 300...81_000)
        }
    }

    @discardableResult
    private mutating func pay(after start: Int64) -> Int64 {
        let arrival = start + random.number(in: 20...240)
        let payment = arrival + random.number(in: 20...300)
        add(.arrive, arrival)
        add(.pay, payment)
        return payment
    }

    private mutating func refund(after payment: Int64) {
        let total = order.amount.fen
        let pieces: [Int64]
        switch order.scenario {
        case .refundedInPart: pieces = [random.number(in: 1...(total - 1))]
        case .refundedInPieces:
            let first = random.number(in: 1...(total / 2))
            let second = random.number(in: 1...(total / 2 - 1))
            pieces = [first, second, total - first - second]
        default: pieces = [total]
        }
        var time = payment
        for (index, piece) in pieces.enumerated() {
            time += Self.refundGap + random.number(in: 0...900)
            let number = "R\(order.merchantOrderNo)-\(index + 1)"
            add(.refund(refundNo: number, amount: Money(fen: piece)), time)
        }
    }

    private mutating func add(_ kind: PlannedAction.Kind, _ seconds: Int64) {
        made.append(
            PlannedAction(
                at: day.start.adding(seconds: seconds), lane: order.index, kind: kind))
    }
}

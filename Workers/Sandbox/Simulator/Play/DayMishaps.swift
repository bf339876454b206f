import Payments

/// How much goes wrong on a played day.
public enum DayMishaps: String, Sendable, CaseIterable {
    /// A few of each kind of fault.
    case usual
    /// On top of these, a channel at its worst; see `HeavyMishaps`.
    case heavy
}

/// The faults of a heavy day, drawn for each order by itself.
///
/// Of the notifications 30 % are lost, 20 % repeated and 20 % late enough to come after newer ones.
/// Of one order in ten an answer of the channel is lost after its call had its effect. Of 3 % of
/// the paid orders a part is refunded in the channel's console, half of these in two refunds of the
/// same amount at once, under numbers that other orders have too. Of one order in five the channel
/// keeps its fee on refunds.
struct HeavyMishaps {
    let seed: UInt64

    /// The order with the faults of its trade.
    func order(_ order: PlannedOrder) -> PlannedOrder {
        guard order.scenario.isAccepted else { return order }
        var random = SeededRandom(seed: seed, label: "heavy|\(order.index)")
        var heavy = order
        if random.number(in: 0...99) < 30 { heavy.faults.losesNotifications = true }
        let losesRefund = random.number(in: 0...99) < 30
        if random.number(in: 0...99) < 20 {
            heavy.faults.repeatedNotifications = Int(random.number(in: 1...3))
        }
        let delay = random.number(in: 600...3_600)
        if random.number(in: 0...99) < 20 { heavy.faults.notificationDelay = delay }
        let losesAnswer = random.number(in: 0...99) < 10
        if losesAnswer { heavy.faults.answers.append(AnswerFault(.lost)) }
        // A merchant's request waits at the gateway until its refund's outcome is known: one of the
        // answer and the notification comes.
        heavy.faults.losesRefundNotifications = losesRefund && !losesAnswer
        heavy.faults.keepsFeeOnRefund = random.number(in: 0...99) < 20
        return heavy
    }

    /// The refunds that the platform makes of this order in the channel's console.
    func actions(of order: PlannedOrder, paidAt: Timestamp) -> [PlannedAction] {
        var random = SeededRandom(seed: seed, label: "console|\(order.index)")
        guard order.scenario == .paid, order.amount.fen >= 8, random.number(in: 0...99) < 3 else {
            return []
        }
        let amount = Money(fen: random.number(in: 1...(order.amount.fen / 4)))
        let numbers = random.number(in: 0...1) == 0 ? ["C1"] : ["C1", "C2"]
        return [
            PlannedAction(
                at: paidAt.adding(seconds: random.number(in: 300...1_200)), lane: order.index,
                kind: .consoleRefund(requestNos: numbers, amount: amount))
        ]
    }
}

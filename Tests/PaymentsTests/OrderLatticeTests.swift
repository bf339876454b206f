import Payments
import Testing

/// Whatever the order and however often a trade's observations come, the end is the same.
@Suite struct OrderLatticeTests {
    private let start = Timestamp(microseconds: 1_795_140_930_000_000)
    private static let amount = Money(fen: 10_000)

    /// An observation and the time it was received; a repeat has both.
    private struct Received {
        let observation: ChannelObservation
        let source: ChannelObservation.Source
        let now: Timestamp
    }

    private func received(
        _ random: inout SeededRandom, _ kind: ChannelObservation.Kind, minute: Int64,
        from source: ChannelObservation.Source = .notification
    ) -> Received {
        let time = start.adding(seconds: minute * 60)
        let hasTrade = kind != .notFound
        return Received(
            observation: ChannelObservation(
                orderNo: "O1", tradeNo: hasTrade && random.chance(80) ? "T1" : nil, kind: kind,
                amount: hasTrade && random.chance(60) ? Self.amount : nil,
                appID: hasTrade && random.chance(60) ? "app" : nil,
                sellerID: hasTrade && random.chance(60) ? "seller" : nil,
                at: random.chance(70) ? time : nil), source: source,
            now: time.adding(seconds: random.int(0...7_200)))
    }

    /// One consistent history of a trade: absent, perhaps opened, then closed or paid (maybe after
    /// the expiry), perhaps refunded in pieces, perhaps finished.
    private func history(_ random: inout SeededRandom) -> [Received] {
        var all: [Received] = []
        for minute in 0..<random.int(0...2) {
            all.append(received(&random, .notFound, minute: minute))
        }
        if random.chance(20) { all.append(received(&random, .notFound, minute: 40)) }
        if random.chance(70) { all.append(received(&random, .waiting, minute: 41)) }
        if random.chance(30) {
            if random.chance(80) { all.append(received(&random, .closed, minute: 50)) }
            return all
        }
        for _ in 0..<random.int(1...2) { all.append(received(&random, .paid, minute: 45)) }
        var cumulative = Money.zero
        for number in 0..<random.int(0...4) where cumulative < Self.amount {
            let left = (Self.amount - cumulative).fen
            let piece = Money(fen: random.chance(30) ? left : random.int(1...left))
            cumulative += piece
            for _ in 0..<random.int(0...3) {
                let isNumbered = random.chance(70)
                let kind = ChannelObservation.Kind.refunded(
                    refundNo: isNumbered ? "R\(number)" : nil,
                    refundAmount: random.chance(60) ? piece : nil, cumulative: cumulative)
                all.append(received(&random, kind, minute: 60 + number))
            }
            // The answer to the request, or to the query of its number: each has its own amount.
            for _ in 0..<random.int(0...2) {
                let kind = ChannelObservation.Kind.refunded(
                    refundNo: "R\(number)", refundAmount: piece,
                    cumulative: random.chance(50) ? cumulative : piece)
                all.append(received(&random, kind, minute: 60 + number, from: .answer))
            }
        }
        if random.chance(20) { all.append(received(&random, .finished, minute: 100)) }
        return all
    }

    private var expected: ExpectedOrder {
        ExpectedOrder(
            orderNo: "O1", amount: Self.amount, appID: "app", sellerID: "seller",
            expiresAt: start.adding(seconds: 30 * 60))
    }

    private func run(
        _ history: [Received], _ expected: ExpectedOrder, _ note: Comment
    ) -> (state: OrderState, changes: [OrderChange]) {
        var state = OrderState(amount: Self.amount)
        var changes: [OrderChange] = []
        for received in history {
            let decision = state.applying(
                received.observation, from: received.source, expected: expected, now: received.now)
            switch decision {
            case .changed(let next, let made):
                #expect(next != state, note)
                (state, changes) = (next, changes + made)
            case .unchanged: break
            case .mismatch(let mismatch): Issue.record("\(mismatch) \(note)")
            }
            let again = state.applying(
                received.observation, from: received.source, expected: expected, now: received.now)
            #expect(again == .unchanged, note)
        }
        return (state, changes)
    }

    @Test func orderAndRepeatsDoNotMatterAndChangesComeOnce() {
        SeededRandom.forAll(2_000) { random in
            let history = history(&random)
            let straight = run(history, expected, random.note)
            check(straight.changes, of: straight.state, history, random.note)
            for _ in 0..<4 {
                let repeats = random.shuffled(history).prefix(Int(random.int(0...4)))
                let shuffled = random.shuffled(history + repeats)
                let other = run(shuffled, expected, random.note)
                #expect(other.state == straight.state, random.note)
                check(other.changes, of: other.state, history, random.note)
            }
        }
    }

    private func check(
        _ changes: [OrderChange], of state: OrderState, _ history: [Received], _ note: Comment
    ) {
        #expect(changes.count { $0 == .paying } <= 1, note)
        #expect(changes.count { $0 == .closed } <= 1, note)
        let payments = changes.indices.filter {
            if case .paid = changes[$0] { true } else { false }
        }
        #expect(payments.count == (state.status.isPaid ? 1 : 0), note)
        if state.status == .closed { #expect(changes.last == .closed, note) }

        var numbers: [String] = []
        var cumulative = Money.zero
        for (place, change) in changes.enumerated() {
            guard case .refunded(let number, let amount, let total) = change else { continue }
            #expect(place > (payments.first ?? .max), "a refund follows its payment; \(note)")
            #expect(amount > .zero && total == cumulative + amount, note)
            numbers.append(number)
            cumulative = total
        }
        #expect(Set(numbers).count == numbers.count, note)
        #expect(cumulative == state.refunded, note)
        let named = history.map { received -> (number: String?, isProven: Bool) in
            guard case .refunded(let number, _, _) = received.observation.kind else {
                return (nil, false)
            }
            return (number, received.source == .answer)
        }
        let proven = Set(named.filter(\.isProven).compactMap(\.number))
        #expect(Set(numbers) == proven && Set(state.refunds.keys) == proven, note)
        #expect(
            state.reportedRefunds == Set(named.compactMap(\.number)).subtracting(proven), note)
    }

    /// Messages that no one trade could have sent: nothing crashes, nothing is undone.
    @Test func impossibleMessagesUndoNothing() throws {
        let rank: [OrderStatus: Int] = [
            .accepted: 0, .paying: 1, .closed: 2, .paid: 3, .partiallyRefunded: 4, .refunded: 5,
        ]
        try SeededRandom.forAll(1_000) { random in
            var state = OrderState(amount: Self.amount)
            for _ in 0..<20 {
                let kind = try random.pick(
                    [
                        .notFound, .waiting, .paid, .closed, .finished,
                        .refunded(
                            refundNo: random.chance(50) ? "R\(random.int(0...3))" : nil,
                            refundAmount: random.chance(50)
                                ? Money(fen: random.int(-5...9_000)) : nil,
                            cumulative: Money(
                                fen: random.chance(5) ? random.bits() : random.int(-5...11_000))),
                    ] as [ChannelObservation.Kind])
                let received = received(
                    &random, kind, minute: random.int(0...100),
                    from: random.chance(50) ? .answer : .notification)
                guard
                    case .changed(let next, _) = state.applying(
                        received.observation, from: received.source, expected: expected,
                        now: received.now)
                else { continue }
                #expect(rank[next.status] ?? -1 >= rank[state.status] ?? -1, random.note)
                #expect(next.refunded >= state.refunded, random.note)
                #expect(next.refunded <= Self.amount, random.note)
                #expect(next.isLate || !state.isLate, random.note)
                #expect(next.paidAt != nil || !next.status.isPaid, random.note)
                state = next
            }
        }
    }
}

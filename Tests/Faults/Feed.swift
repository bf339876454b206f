import Events
import Kafka
import Postgres
import TestStack
import TestWaiting

/// The world outside: publishes orders and, for a share of those that were accepted, what the
/// channel says of them.
actor Feed {
    private typealias Wish = OrderMaker.Wish

    private let stack: FaultStack
    private let maker: OrderMaker
    private let producer: KafkaProducer
    private var random: FaultRandom
    // Accepted ones that were published and aren't seen in the table yet.
    private var pending: [Wish] = []
    // An order of each partition, to be asked for or told of again.
    private var known: [String: [Int32: Wish]] = [:]
    private var merchant = 0
    private var isTelling = false
    private var isPaused = false
    private var sending = 0
    /// Orders published, repeats of probes aside.
    private(set) var published = 0
    /// Records acknowledged, by topic.
    private(set) var acknowledged: [String: Int] = [:]

    init(stack: FaultStack, random: FaultRandom) throws {
        self.stack = stack
        self.random = random
        maker = try OrderMaker(keys: stack.keys)
        producer = try KafkaProducer(
            settings: KafkaSettings(brokers: stack.brokers), logger: quiet)
    }

    /// One past the last record of each partition.
    var ends: [TopicPartition: Int64] { producer.acknowledgedEnds }

    func close() async { await producer.close() }

    /// Publishes orders until there are `count`, a hundred at a time, with pauses of `pause`.
    func publish(upTo count: Int, pause: Duration) async throws {
        while published < count {
            let wishes = (published..<min(published + 100, count)).map { number in
                Wish(number: number, merchantNo: nextMerchant())
            }
            published += wishes.count
            let fates = wishes.map { _ in fate() }
            let records = try zip(wishes, fates).map { try maker.submission($0, $1) }
            note(try await send(records), wishes, in: OrderSubmitted.topic, fates)
            pending += zip(wishes, fates).filter { $0.1 == .accepted }.map(\.0)
            try await tellOfAccepted()
            if pause > .zero { try await Task.sleep(for: pause) }
        }
    }

    /// Sends nothing until told to go on; returns when nothing is under way.
    func pause() async throws {
        isPaused = true
        try await eventually("the feed pauses") { @Sendable in await self.sending == 0 }
    }

    func goOn() { isPaused = false }

    /// Gives every partition that a role reads something to do which comes to nothing new.
    func probe(_ role: FaultRole) async throws {
        let wishes = (known[role.topic] ?? [:]).values
        let records = try wishes.map { wish in
            role == .signature
                ? try maker.submission(wish, .repeated)
                : try maker.callback(wish, "TRADE_SUCCESS", .applied)
        }
        _ = try await send(records)
    }

    /// Has the channel speak of orders that are in the table by now.
    func tellOfAccepted() async throws {
        guard !pending.isEmpty, !isTelling else { return }
        isTelling = true
        defer { isTelling = false }
        let numbers = pending.map { "'\($0.orderNo)'" }.joined(separator: ",")
        // A database that is away is asked again next time.
        guard
            let rows = try? await stack.ask(
                "select order_no from orders where order_no in (\(numbers))")
        else { return }
        let stored = Set(try rows.map { try $0.text(0) })
        let payable = pending.filter { stored.contains($0.orderNo) }
        pending.removeAll { stored.contains($0.orderNo) }
        for start in stride(from: 0, to: payable.count, by: 200) {
            var told: [(Wish, ProducerRecord)] = []
            for wish in payable[start..<min(start + 200, payable.count)] {
                for (status, fate) in words() {
                    told.append((wish, try maker.callback(wish, status, fate)))
                }
            }
            let places = try await send(told.map(\.1))
            note(places, told.map(\.0), in: CallbackReceived.topic, nil)
        }
    }

    func send(_ records: [ProducerRecord]) async throws -> [Acknowledgement] {
        guard let topic = records.first?.topic else { return [] }
        try await eventually("the broker is back") { @Sendable in await !self.isPaused }
        sending += 1
        defer { sending -= 1 }
        let places = try await producer.send(records)
        acknowledged[topic, default: 0] += records.count
        return places
    }

    /// A good submission of an order that nobody has asked for yet.
    func plantedSubmission(_ number: Int) throws -> ProducerRecord {
        try maker.submission(
            Wish(number: 900_000_000 + number, merchantNo: nextMerchant()), .accepted)
    }

    // An order is good to be asked for again once it was accepted: it is the merchant's then.
    private func note(
        _ places: [Acknowledgement], _ wishes: [Wish], in topic: String, _ fates: [OrderMaker.Fate]?
    ) {
        for (index, place) in places.enumerated() where fates?[index] ?? .accepted == .accepted {
            let partition = place.topicPartition.partition
            if known[topic]?[partition] == nil {
                known[topic, default: [:]][partition] = wishes[index]
            }
        }
    }

    private func nextMerchant() -> String {
        merchant += 1
        return stack.business.merchantNos[merchant % stack.business.merchantNos.count]
    }

    private func fate() -> OrderMaker.Fate {
        switch random.int(1...100) {
        case 1: .dead
        case 2, 3: .rejected
        default: .accepted
        }
    }

    // What the channel says of an order: once, twice, in the wrong order, late, or nothing.
    private func words() -> [(String, OrderMaker.Fate)] {
        let waiting = ("WAIT_BUYER_PAY", OrderMaker.Fate.applied)
        let paid = ("TRADE_SUCCESS", OrderMaker.Fate.applied)
        let closed = ("TRADE_CLOSED", OrderMaker.Fate.applied)
        return switch random.int(1...100) {
        case 1...20: [paid]
        case 21...30: [waiting, paid]
        case 31...34: [paid, waiting, paid]
        case 35...38: [waiting, waiting, paid, paid]
        case 39...40: [waiting]
        case 41...42: [closed, paid]
        case 43: [("TRADE_SUCCESS", .dead), paid]
        default: []
        }
    }
}

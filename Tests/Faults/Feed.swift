import Events
import Kafka
import Postgres
import TestStack
import TestWaiting

/// Publishes orders and, for a share of those that were accepted, the channel's notifications.
actor Feed {
    private typealias Order = OrderMaker.Order

    private let stack: FaultStack
    private let maker: OrderMaker
    private let producer: KafkaProducer
    private var random: FaultRandom
    // Accepted ones that were published and aren't seen in the table yet.
    private var pending: [Order] = []
    // An order of each partition, to be submitted or notified of again.
    private var known: [String: [Int32: Order]] = [:]
    private var merchant = 0
    private var isNotifying = false
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
            let orders = (published..<min(published + 100, count)).map { number in
                Order(number: number, merchantNo: nextMerchant())
            }
            published += orders.count
            let outcomes = orders.map { _ in outcome() }
            let records = try zip(orders, outcomes).map { try maker.submission($0, $1) }
            record(try await send(records), orders, in: OrderSubmitted.topic, outcomes)
            pending += zip(orders, outcomes).filter { $0.1 == .accepted }.map(\.0)
            try await notifyOfAccepted()
            if pause > .zero { try await Task.sleep(for: pause) }
        }
    }

    /// Sends nothing until `resume()`; returns when nothing is in flight.
    func pause() async throws {
        isPaused = true
        try await eventually("the feed pauses") { @Sendable in await self.sending == 0 }
    }

    func resume() { isPaused = false }

    /// Publishes a record to every partition that a role reads, none of which changes anything.
    func probe(_ role: FaultRole) async throws {
        let orders = (known[role.topic] ?? [:]).values
        let records = try orders.map { order in
            role == .signature
                ? try maker.submission(order, .repeated)
                : try maker.callback(order, "TRADE_SUCCESS", .applied)
        }
        _ = try await send(records)
    }

    /// Publishes the channel's notifications of orders that are in the table by now.
    func notifyOfAccepted() async throws {
        guard !pending.isEmpty, !isNotifying else { return }
        isNotifying = true
        defer { isNotifying = false }
        let numbers = pending.map { "'\($0.orderNo)'" }.joined(separator: ",")
        // While the database is unavailable, they stay pending.
        guard
            let rows = try? await stack.query(
                "select order_no from orders where order_no in (\(numbers))")
        else { return }
        let stored = Set(try rows.map { try $0.text(0) })
        let payable = pending.filter { stored.contains($0.orderNo) }
        pending.removeAll { stored.contains($0.orderNo) }
        for start in stride(from: 0, to: payable.count, by: 200) {
            var notices: [(Order, ProducerRecord)] = []
            for order in payable[start..<min(start + 200, payable.count)] {
                for (status, outcome) in notifications() {
                    notices.append((order, try maker.callback(order, status, outcome)))
                }
            }
            let places = try await send(notices.map(\.1))
            record(places, notices.map(\.0), in: CallbackReceived.topic, nil)
        }
    }

    func send(_ records: [ProducerRecord]) async throws -> [Acknowledgement] {
        guard let topic = records.first?.topic else { return [] }
        try await eventually("the feed goes on") { @Sendable in await !self.isPaused }
        sending += 1
        defer { sending -= 1 }
        let places = try await producer.send(records)
        acknowledged[topic, default: 0] += records.count
        return places
    }

    /// A valid submission of an order that isn't submitted yet.
    func plantedSubmission(_ number: Int) throws -> ProducerRecord {
        try maker.submission(
            Order(number: 900_000_000 + number, merchantNo: nextMerchant()), .accepted)
    }

    // Only an accepted order may be submitted again.
    private func record(
        _ places: [Acknowledgement], _ orders: [Order], in topic: String,
        _ outcomes: [OrderMaker.Outcome]?
    ) {
        for (index, place) in places.enumerated() where outcomes?[index] ?? .accepted == .accepted {
            let partition = place.topicPartition.partition
            if known[topic]?[partition] == nil {
                known[topic, default: [:]][partition] = orders[index]
            }
        }
    }

    private func nextMerchant() -> String {
        merchant += 1
        return stack.business.merchantNos[merchant % stack.business.merchantNos.count]
    }

    private func outcome() -> OrderMaker.Outcome {
        switch random.int(1...100) {
        case 1: .dead
        case 2, 3: .rejected
        default: .accepted
        }
    }

    // The trade statuses that the channel sends of an order: once, twice, in the wrong order, late,
    // or none.
    private func notifications() -> [(String, OrderMaker.Outcome)] {
        let waiting = ("WAIT_BUYER_PAY", OrderMaker.Outcome.applied)
        let paid = ("TRADE_SUCCESS", OrderMaker.Outcome.applied)
        let closed = ("TRADE_CLOSED", OrderMaker.Outcome.applied)
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

import Channels
import Events
import Foundation
import HTTPTypes
import Kafka
import Logging
import Payments
import Store
import Synchronization
import Testing
import WorkerRuntime

@testable import Callback
@testable import Gateway

/// The gateway's side of a notification, and the worker that reads what it publishes.
@Suite struct GatewayConformanceTests {
    /// Keeps events, or refuses them.
    private final class PublisherDouble: EventPublisher {
        struct Refused: Error {}

        let isBrokerUnavailable: Bool
        private let refuses: Bool
        private let kept = Mutex<[OutgoingEvent]>([])

        init(refuses: Bool = false, isBrokerUnavailable: Bool = false) {
            self.refuses = refuses
            self.isBrokerUnavailable = isBrokerUnavailable
        }

        var events: [OutgoingEvent] { kept.withLock { $0 } }

        func publish(_ events: [OutgoingEvent]) async throws {
            guard !refuses else { throw Refused() }
            kept.withLock { $0 += events }
        }
    }

    private func receiver(
        _ test: any ChannelUnderTest, _ producer: PublisherDouble
    ) -> ReceiveNotification {
        ReceiveNotification(
            channel: test.channel, clock: test.clock, logger: Logger(label: "test"),
            producer: producer,
            refusals: RefusalSample(
                channel: test.channel.name, metrics: MetricsRegistry(),
                logger: Logger(label: "test")
            ) { _ in })
    }

    @Test(arguments: Subject.allCases)
    func aStoredNotificationIsAcknowledgedInTheChannelsWords(subject: Subject) async throws {
        let test = try await subject.start()
        let body = try #require(try await test.paid("T1").first)
        let producer = PublisherDouble()
        let receiver = receiver(test, producer)
        let result = await receiver.receive(body, headers: [:])
        #expect(receiver.text(of: result) == test.channel.notificationReplies.acknowledged)
        #expect(result.status == .ok)
        #expect(producer.events.map(\.topic) == ["callbacks.received"])
        #expect(producer.events.first?.key == Array("T1".utf8))
    }

    @Test(arguments: Subject.allCases)
    func aNotificationIsNotAcknowledgedBeforeTheBrokerHasIt(subject: Subject) async throws {
        let test = try await subject.start()
        let body = try #require(try await test.paid("T1").first)
        for producer in [
            PublisherDouble(refuses: true), PublisherDouble(isBrokerUnavailable: true),
        ] {
            let receiver = receiver(test, producer)
            let result = await receiver.receive(body, headers: [:])
            #expect(receiver.text(of: result) == test.channel.notificationReplies.refused)
            #expect(result.status == .serviceUnavailable)
        }
    }

    @Test(arguments: Subject.allCases)
    func aForgedOrForeignNotificationIsNotPublishedAndNotAcknowledged(
        subject: Subject
    ) async throws {
        let test = try await subject.start()
        try await test.open("T1")
        let foreign = try #require(try await test.pay("T1", foreignAppFirst: true).first)
        for body in [try await test.forgedNotification(orderNo: "T1"), foreign] {
            let producer = PublisherDouble()
            let receiver = receiver(test, producer)
            let result = await receiver.receive(body, headers: [:])
            #expect(result == .refused)
            #expect(receiver.text(of: result) == test.channel.notificationReplies.refused)
            #expect(producer.events.isEmpty)
        }
    }

    /// The worker verifies what it reads by itself: a producer that isn't ours may publish too.
    @Test(arguments: Subject.allCases)
    func theCallbackWorkerReadsWhatTheGatewayPublishes(subject: Subject) async throws {
        let test = try await subject.start()
        let producer = PublisherDouble()
        let receiver = receiver(test, producer)
        let body = try #require(try await test.paid("T1").first)
        _ = await receiver.receive(body, headers: [:])
        let now = test.clock.now()
        let forged = CallbackReceived(
            envelope: CallbackReceived.envelope(at: now), channel: test.channel.name,
            origin: .notify, orderNo: "T1", raw: try await test.forgedNotification(orderNo: "T1"),
            receivedAt: EventTime(now))
        let worker = CallbackWorker(
            directory: Directory(
                sealer: try Sealer(
                    masterKey: Data(repeating: 7, count: 32).base64EncodedString())),
            channel: test.channel)
        let records = (producer.events + [try OutgoingEvent(forged)]).enumerated().map {
            index, event in
            KafkaRecord(
                topicPartition: TopicPartition(topic: event.topic, partition: 0),
                offset: Int64(index), key: event.key, value: event.value, headers: [])
        }
        let prepared = await worker.prepare(records)
        try #require(prepared.count == 2)
        #expect(prepared[0].item?.observation?.kind == .paid)
        guard case .poison(let poison) = prepared[1] else {
            Issue.record("the forged notification was accepted")
            return
        }
        #expect(poison.reason == "bad_signature")
    }
}

import Events
import HTTPTypes
import Hummingbird
import Store
import Synchronization
import Testing
import WorkerRuntime

@testable import Gateway

/// The channel is acknowledged only after the broker has acknowledged the event.
@Suite struct ReceiveNotificationTests {
    private func notify(
        _ publisher: TestPublisher, _ body: String, headers: HTTPFields = [:],
        _ refusals: RefusalSample? = nil
    ) async throws -> Response {
        let role = try TestGateway.role()
        return try await ReceiveNotification(
            channel: TestChannel(), clock: role.clock, logger: role.logger, producer: publisher,
            refusals: refusals ?? TestGateway.refusals { _ in }
        ).respond(
            to: TestGateway.request(
                .post, "/v1/channels/test/notify", Array(body.utf8), headers: headers),
            remoteIP: "203.0.113.9")
    }

    private func event(_ publisher: TestPublisher) throws -> CallbackReceived {
        try EventCodec.decode(
            CallbackReceived.self, from: try #require(publisher.events.first).value)
    }

    @Test func aGenuineNotificationIsPublishedByteByByteAndAcknowledged() async throws {
        let publisher = TestPublisher()
        let response = try await notify(
            publisher, "genuine T1", headers: [.contentType: "text/x-form", .userAgent: "channel"])
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/x-test")
        #expect(try await response.text() == "taken")
        let event = try event(publisher)
        #expect(event.raw == Array("genuine T1".utf8))
        #expect(event.channel == "test")
        #expect(event.origin == .notify)
        #expect(event.orderNo == "T1")
        #expect(event.receivedAt.timestamp == TestGateway.now)
        #expect(event.headers == ["content-type": "text/x-form", "user-agent": "channel"])
        #expect(publisher.events.map(\.topic) == ["callbacks.received"])
    }

    /// The broker holds its acknowledgement back: there is no response until it comes.
    @Test func theChannelIsNotAcknowledgedBeforeTheBrokerHasAcknowledged() async throws {
        let steps = Steps()
        let (acknowledgements, broker) = AsyncStream<Void>.makeStream()
        let (begins, begun) = AsyncStream<Void>.makeStream()
        let publisher = TestPublisher { _ in
            begun.yield()
            for await _ in acknowledgements { break }
            steps.record("broker")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let text = try await notify(publisher, "genuine T1").text()
                steps.record(text)
            }
            for await _ in begins { break }
            #expect(steps.all.isEmpty)
            broker.yield()
            try await group.waitForAll()
        }
        #expect(steps.all == ["broker", "taken"])
    }

    @Test func aPublishThatIsNotAcknowledgedIsNotAcknowledgedToTheChannel() async throws {
        let response = try await notify(TestPublisher(.fail), "genuine T1")
        #expect(response.status == .serviceUnavailable)
        #expect(try await response.text() == "not taken")
    }

    @Test func anUnavailableBrokerGetsNothingPublished() async throws {
        let publisher = TestPublisher(.unavailable)
        let response = try await notify(publisher, "genuine T1")
        #expect(response.status == .serviceUnavailable)
        #expect(try await response.text() == "not taken")
        #expect(publisher.events.isEmpty)
    }

    @Test(arguments: [
        ("forged T1", "bad_signature"), ("genuine T-1", "order_number_form"),
        ("genuine T1' app-2", "order_number_form"), ("genuine T1 app-2", "app_mismatch"),
        ("genuine T1 app-1 seller-2", "seller_mismatch"),
    ])
    func whatIsNotTheChannelsOrNotOursIsNotPublished(body: String, reason: String) async throws {
        let publisher = TestPublisher()
        let stored = Mutex<[RefusedNotification]>([])
        let refusals = try TestGateway.refusals { samples in stored.withLock { $0 += samples } }
        let response = try await notify(publisher, body, refusals)
        #expect(response.status == .ok)
        #expect(try await response.text() == "not taken")
        #expect(publisher.events.isEmpty)
        await refusals.flush()
        let sample = try #require(stored.withLock { $0 }.first)
        #expect(sample.reason == reason)
        #expect(sample.bodyStart == Array(body.utf8))
        #expect(sample.remoteIP == "203.0.113.9")
        #expect(sample.receivedAt == TestGateway.now)
    }

    @Test func aNotificationOfThisAppAndPayeeIsPublished() async throws {
        let publisher = TestPublisher()
        let response = try await notify(publisher, "genuine T1 app-1 seller-1")
        #expect(try await response.text() == "taken")
        #expect(publisher.events.count == 1)
    }

    /// A flood: nothing is published, and what is kept doesn't grow with it.
    @Test func elevenHundredForgedNotificationsPublishNothingAndLeaveOneSample() async throws {
        let publisher = TestPublisher()
        let stored = Mutex<[RefusedNotification]>([])
        let metrics = MetricsRegistry()
        let refusals = try TestGateway.refusals(metrics) { samples in
            stored.withLock { $0 += samples }
        }
        for number in 0..<1_100 {
            let response = try await notify(publisher, "forged T\(number)", refusals)
            #expect(try await response.text() == "not taken")
        }
        #expect(publisher.events.isEmpty)
        await refusals.flush()
        await refusals.flush()
        let samples = stored.withLock { $0 }
        #expect(samples.map(\.orderNo) == ["T0"])
        #expect(samples.map(\.count) == [1_100])
        let line = #"tally_notifications_refused_total{reason="bad_signature"} 1100"#
        #expect(metrics.text().contains(line))
    }

    @Test func aDatabaseThatIsUnavailableCostsTheSampleAndNothingElse() async throws {
        struct Unavailable: Error {}
        let publisher = TestPublisher()
        let refusals = try TestGateway.refusals { _ in throw Unavailable() }
        _ = try await notify(publisher, "forged T1", refusals)
        await refusals.flush()
        #expect(try await notify(publisher, "genuine T1", refusals).text() == "taken")
    }

    @Test(arguments: [0, 65_537])
    func anEmptyOrOversizeBodyIsRefused(count: Int) async throws {
        let publisher = TestPublisher()
        let response = try await notify(publisher, String(repeating: "x", count: count))
        #expect(response.status == .badRequest)
        #expect(try await response.text() == "not taken")
        #expect(publisher.events.isEmpty)
    }

    @Test func aUserAgentIsCut() async throws {
        let publisher = TestPublisher()
        _ = try await notify(
            publisher, "genuine T1", headers: [.userAgent: String(repeating: "u", count: 5_000)])
        #expect(try event(publisher).headers["user-agent"]?.count == 200)
    }
}

/// What happened, in order.
private final class Steps: Sendable {
    private let state = Mutex<[String]>([])
    var all: [String] { state.withLock { $0 } }
    func record(_ step: String) { state.withLock { $0.append(step) } }
}

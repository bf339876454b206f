import AsyncHTTPClient
import NIOPosix
import TestReceivers
import Testing

@testable import Channels

/// A channel, a bank or a proxy on the way that begins an answer and doesn't end it.
@Suite(.timeLimit(.minutes(1))) struct ChannelTimeLimitTests {
    @Test(arguments: [
        RawReceiver.Answer.bytes(""),
        .bytes("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"),
        .trickle("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
        .trickle("HTTP/1.1 200 OK\r\n\r\n"),
    ])
    func theTimeLimitReachesToTheLastByte(answer: RawReceiver.Answer) async throws {
        let receiver = try await RawReceiver.start(answer)
        let client = HTTPClient(
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: .forChannels)
        let started = ContinuousClock.now
        do throws(ChannelError) {
            _ = try await HTTPChannelTransport(client: client).send(
                TransportRequest(
                    method: .post, url: receiver.url, body: [1], answerLimit: 1_000_000,
                    timeout: .milliseconds(300)))
            Issue.record("an answer came")
        } catch {
            guard case .unknownOutcome = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(ContinuousClock.now - started < .seconds(10))
        try await client.shutdown()
        await receiver.stop()
    }

    @Test func theLimitEndsWhatItRunsAndReportsItself() async throws {
        #expect(try await withTimeLimit(.seconds(20)) { 7 } == 7)
        await #expect(throws: TimeLimitExceeded(limit: .milliseconds(20))) {
            try await withTimeLimit(.milliseconds(20)) {
                let (stream, continuation) = AsyncStream<Void>.makeStream()
                // Nothing comes: it ends when it is cancelled.
                for await _ in stream { continuation.finish() }
            }
        }
        struct Own: Error {}
        await #expect(throws: Own.self) {
            try await withTimeLimit(.seconds(20)) { throw Own() }
        }
    }
}

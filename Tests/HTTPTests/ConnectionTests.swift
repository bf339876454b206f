import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestWaiting
import Testing

@testable import WorkerRuntime

/// Until when a connection may stay open; time is set.
@Suite struct ConnectionStateTests {
    private let start = ContinuousClock.now
    private var limits: ConnectionLimits {
        ConnectionLimits(
            requestTime: .seconds(10), idleTime: .seconds(60), answerTime: .seconds(90))
    }

    private func state() -> ConnectionState {
        ConnectionState(limits: limits, now: start)
    }

    @Test func aConnectionThatSendsNothingEndsAfterTheTimeOfARequest() {
        #expect(state().deadline == start + .seconds(10))
    }

    @Test func bytesThatTrickleDoNotMoveTheDeadline() {
        var state = state()
        for second in 1..<10 { state.bytesArrived(at: start + .seconds(second)) }
        #expect(state.deadline == start + .seconds(10))
    }

    @Test func anIdleConnectionEndsAndItsNextRequestHasItsOwnTime() {
        var state = state()
        state.requestEnded(at: start + .seconds(1))
        #expect(state.deadline == start + .seconds(91))
        state.wrote(isEnd: false, at: start + .seconds(2))
        state.wrote(isEnd: true, at: start + .seconds(3))
        #expect(state.deadline == start + .seconds(63))
        state.bytesArrived(at: start + .seconds(50))
        #expect(state.deadline == start + .seconds(60))
    }

    @Test func aRequestBehindAnotherIsTimedFromWhenItCanBeRead() {
        var state = state()
        state.requestEnded(at: start + .seconds(1))
        state.bytesArrived(at: start + .seconds(2))
        #expect(state.deadline == start + .seconds(91))
        state.wrote(isEnd: true, at: start + .seconds(40))
        #expect(state.deadline == start + .seconds(50))
    }

    @Test func aResponseBeforeTheRequestsEndLeavesNothingUnanswered() {
        var state = state()
        state.bytesArrived(at: start)
        state.wrote(isEnd: true, at: start + .seconds(1))
        #expect(state.deadline == start + .seconds(10))
        state.requestEnded(at: start + .seconds(5))
        #expect(state.deadline == start + .seconds(65))
    }
}

/// A bounded HTTP server, over sockets.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    /// Runs a server with these limits, and hands its port in.
    private func serving(
        _ limits: ConnectionLimits, metrics: MetricsRegistry = MetricsRegistry(),
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let router = Router()
        router.get("/") { _, _ in "ok" }
        router.post("/") { request, _ in
            String(try await request.body.collect(upTo: 100).readableBytes)
        }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let server = Application(
            router: router,
            server: .bounded(limits, name: "test", metrics: metrics),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) },
            logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var open = ports.makeAsyncIterator()
            let port = try #require(await open.next())
            try await body(port)
            group.cancelAll()
        }
    }

    /// Sends some bytes, and returns what came until the other end closed the connection.
    private func exchange(
        _ port: Int, _ parts: [String]
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for part in parts { try? await outbound.write(ByteBuffer(string: part)) }
                }
                var text = ""
                do {
                    for try await buffer in inbound { text += String(buffer: buffer) }
                } catch {
                    // The other end closed while bytes were on their way.
                }
                group.cancelAll()
                return text
            }
        }
    }

    @Test func aRequestIsAnsweredAndItsIdleConnectionEnds() async throws {
        try await serving(ConnectionLimits(idleTime: .milliseconds(100))) { port in
            let text = try await exchange(port, ["GET / HTTP/1.1\r\nhost: x\r\n\r\n"])
            #expect(text.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(arguments: [
        [], ["GET / HT"], ["GET / HTTP/1.1\r\n", "x-1: y\r\n", "x-2: y\r\n"],
        ["POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n", "x", "x"],
    ])
    func aRequestThatDoesNotComeWholeInTimeEndsItsConnection(parts: [String]) async throws {
        let metrics = MetricsRegistry()
        let limits = ConnectionLimits(requestTime: .milliseconds(200), idleTime: .seconds(600))
        try await serving(limits, metrics: metrics) { port in
            let text = try await exchange(port, parts)
            #expect(!text.contains("200"))
            #expect(
                metrics.text().contains(
                    #"tally_http_connections_closed_total{cause="late",server="test"} 1"#))
        }
    }

    @Test func connectionsBeyondTheLimitOfAnAddressAreClosedAtOnce() async throws {
        let limits = ConnectionLimits(
            connections: 10, perAddress: 2, requestTime: .seconds(30))
        let metrics = MetricsRegistry()
        let counts = ConnectionCounts(limits, name: "test", metrics: metrics)
        let first = try #require(counts.enter(from: "203.0.113.9"))
        _ = try #require(counts.enter(from: "203.0.113.9"))
        #expect(counts.enter(from: "203.0.113.9") == nil)
        #expect(counts.enter(from: "203.0.113.8") != nil)
        counts.leave(first)
        #expect(counts.enter(from: "203.0.113.9") != nil)
        #expect(counts.count == 3)
        #expect(
            metrics.text().contains(
                #"tally_http_connections_closed_total{cause="limit",server="test"} 1"#))
        // The whole process's limit, whatever the address; a trusted proxy has no share of its own.
        let proxied = ConnectionCounts(
            ConnectionLimits(
                connections: 3, perAddress: 1,
                trustedProxies: [try #require(AddressRange("10.0.0.1"))]),
            name: "test", metrics: MetricsRegistry())
        for _ in 0..<3 { #expect(proxied.enter(from: "10.0.0.1") != nil) }
        #expect(proxied.enter(from: "10.0.0.1") == nil)
        // Nor is one of its connections closed for another: they are of many callers.
        #expect(proxied.enter(from: "203.0.113.9") == nil)
    }

    @Test func anIdleConnectionMakesRoomForANewOneWhereAllPlacesAreTaken() async throws {
        let limits = ConnectionLimits(connections: 2)
        let metrics = MetricsRegistry()
        try await serving(limits, metrics: metrics) { port in
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 1...2 {
                    group.addTask {
                        try await exchange(port, ["GET / HTTP/1.1\r\nhost: x\r\n\r\n"])
                    }
                    try await eventually("connection \(number) is open") {
                        metrics.text().contains(
                            #"tally_http_connections{server="test"} \#(number)"#)
                    }
                }
                // Each newcomer is answered, and an older one is closed for it.
                for _ in 1...2 {
                    group.addTask {
                        try await exchange(port, ["GET / HTTP/1.1\r\nhost: x\r\n\r\n"])
                    }
                    let closed = try #require(try await group.next())
                    #expect(closed.hasPrefix("HTTP/1.1 200"))
                }
                #expect(
                    metrics.text().contains(
                        #"tally_http_connections_closed_total{cause="displaced",server="test"} 2"#))
                group.cancelAll()
            }
        }
    }

    @Test func aConnectionOverTheLimitGetsNoAnswerAndTheOthersDo() async throws {
        let limits = ConnectionLimits(perAddress: 1, requestTime: .seconds(30))
        let metrics = MetricsRegistry()
        try await serving(limits, metrics: metrics) { port in
            // Holds the address's one connection until the other has been refused.
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: port).get()
            try await eventually("the connection is counted") {
                metrics.text().contains(#"tally_http_connections{server="test"} 1"#)
            }
            let refused = try await exchange(port, ["GET / HTTP/1.1\r\nhost: x\r\n\r\n"])
            #expect(refused.isEmpty)
            try await channel.close().get()
        }
    }
}

private let quiet: Logger = {
    var logger = Logger(label: "http-tests")
    logger.logLevel = .critical
    return logger
}()

import AsyncHTTPClient
import Events
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import Payments
import Synchronization
import Testing

@testable import Delivery

/// Posts to a receiver in this process, on loopback.
@Suite struct DeliverySenderTests {
    private let id = EventID.make(at: Timestamp(microseconds: 1_795_140_930_000_000))

    private func post(
        to path: String, of receiver: LoopbackReceiver, allowsPrivate: Bool = true,
        trace: TraceContext? = nil, timeLimit: Duration = .seconds(20)
    ) async throws -> DeliveryResult {
        try await receiver.run { url in
            let client = HTTPClient(
                eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
                configuration: DeliverySender.clientConfiguration)
            let sender = DeliverySender(
                client: client, timeLimit: timeLimit, allowsPrivateAddresses: allowsPrivate)
            let result = await sender.post(
                Array(#"{"a":1}"#.utf8), to: url + path, id: id, attempt: 3, trace: trace)
            try await client.shutdown()
            return result
        }
    }

    @Test func aDeliveryCarriesItsIdentityItsAttemptAndItsTrace() async throws {
        let receiver = LoopbackReceiver()
        let trace = TraceContext.new()
        let result = try await post(to: "/success", of: receiver, trace: trace)
        #expect(result.isAcknowledged)
        let request = try #require(receiver.requests.first)
        #expect(request.method == .post)
        #expect(request.headers["Tally-Delivery-Id"] == id.description)
        #expect(request.headers["Tally-Attempt"] == "3")
        #expect(request.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(request.body == #"{"a":1}"#)
        let parent = request.headers["traceparent"].flatMap { TraceContext($0) }
        #expect(parent?.traceID == trace.traceID)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsNotFollowed(status: Int) async throws {
        let receiver = LoopbackReceiver()
        let result = try await post(to: "/redirect/\(status)", of: receiver)
        #expect(!result.isAcknowledged)
        #expect(result.httpStatus == Int32(status))
        #expect(receiver.requests.map(\.path) == ["/redirect/\(status)"])
    }

    @Test func aPrivateReceiverGetsNoRequest() async throws {
        let receiver = LoopbackReceiver()
        let result = try await post(to: "/success", of: receiver, allowsPrivate: false)
        #expect(!result.isAcknowledged)
        #expect(result.httpStatus == nil)
        #expect(result.error?.contains("private network") == true)
        #expect(receiver.requests.isEmpty)
    }

    @Test func aBodyThatIsTooLongIsNoAcknowledgement() async throws {
        let result = try await post(to: "/long", of: LoopbackReceiver())
        #expect(!result.isAcknowledged)
        #expect(result.error?.contains("no reply") == true)
    }

    @Test func aClosedPortIsAnAttemptWithoutAReply() async throws {
        let port = try await LoopbackReceiver().run { $0 }
        let client = HTTPClient(
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
            configuration: DeliverySender.clientConfiguration)
        let sender = DeliverySender(
            client: client, timeLimit: .seconds(20), allowsPrivateAddresses: true)
        let result = await sender.post([], to: port, id: id, attempt: 1, trace: nil)
        try await client.shutdown()
        #expect(result.httpStatus == nil)
        #expect(result.error?.contains("no reply") == true)
    }
}

/// An HTTP server that records its requests: `/success`, `/redirect/STATUS`, `/long`.
private final class LoopbackReceiver: Sendable {
    struct Received: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let headers: [String: String]
        let body: String
    }

    private let received = Mutex<[Received]>([])
    var requests: [Received] { received.withLock { $0 } }

    /// Runs the server for as long as `body` runs, with its URL.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let server = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                try await self.respond(to: request)
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let value = try await body("http://127.0.0.1:\(port)")
            group.cancelAll()
            return value
        }
    }

    private func respond(to request: Request) async throws -> Response {
        var names: [String: String] = [:]
        for name in ["Tally-Delivery-Id", "Tally-Attempt", "Content-Type", "traceparent"] {
            names[name] = HTTPField.Name(name).flatMap { request.headers[$0] }
        }
        let body = String(buffer: try await request.body.collect(upTo: 4_096))
        let record = Received(
            method: request.method, path: request.uri.path, headers: names, body: body)
        received.withLock { $0.append(record) }
        let parts = request.uri.path.split(separator: "/")
        switch parts.first {
        case "redirect":
            return Response(
                status: .init(code: Int(parts[1]) ?? 302), headers: [.location: "/success"])
        case "long":
            return text("success" + String(repeating: " ", count: 5_000))
        default:
            return text("success")
        }
    }

    private func text(_ body: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain"],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

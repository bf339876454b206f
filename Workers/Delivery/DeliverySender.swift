public import AsyncHTTPClient
import Events
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Posts deliveries: bounded in time and size, no redirects, no private addresses unless allowed.
public struct DeliverySender: Sendable {
    private let client: HTTPClient
    private let timeLimit: Duration
    private let addressCheck: ReceiverAddress

    /// - Parameters:
    ///   - client: made with `clientConfiguration`.
    ///   - timeLimit: for one attempt, from connecting to the last byte.
    ///   - allowsPrivateAddresses: whether receivers may be on loopback or private networks.
    public init(client: HTTPClient, timeLimit: Duration, allowsPrivateAddresses: Bool) {
        self.client = client
        self.timeLimit = timeLimit
        self.addressCheck = ReceiverAddress(allowsPrivate: allowsPrivateAddresses)
    }

    /// How the client of deliveries must be made: a redirect would lead past the address check.
    public static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return configuration
    }

    // An acknowledgement is seven bytes; a receiver that sends much more isn't acknowledging.
    private static let bodyLimit = 4_096

    func post(
        _ body: [UInt8], to url: String, id: EventID, attempt: Int32, trace: TraceContext?
    ) async -> DeliveryResult {
        if let refusal = await addressCheck.refusal(of: url) {
            return DeliveryResult(error: refusal)
        }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
        request.headers.add(name: "Tally-Delivery-Id", value: id.description)
        request.headers.add(name: "Tally-Attempt", value: String(attempt))
        if let trace {
            request.headers.add(name: "traceparent", value: trace.child().description)
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let milliseconds = timeLimit / .milliseconds(1)
            let deadline = NIODeadline.now() + .milliseconds(Int64(milliseconds))
            let response = try await client.execute(request, deadline: deadline)
            let buffer = try await response.body.collect(upTo: Self.bodyLimit)
            return DeliveryResult(
                status: Int32(response.status.code), body: String(buffer: buffer))
        } catch {
            return DeliveryResult(error: "no reply: \(error)")
        }
    }
}

public import AsyncHTTPClient
import Events
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Posts deliveries: bounded in time and size, no redirects, no private addresses unless allowed.
public struct DeliverySender: Sendable {
    private let client: HTTPClient
    private let timeLimit: Duration
    private let guardian: ReceiverAddress

    /// - Parameters:
    ///   - client: must not follow redirects.
    ///   - timeLimit: for one attempt, from connecting to the last byte.
    ///   - allowsPrivateAddresses: whether receivers may be on loopback or private networks.
    public init(client: HTTPClient, timeLimit: Duration, allowsPrivateAddresses: Bool) {
        self.client = client
        self.timeLimit = timeLimit
        self.guardian = ReceiverAddress(allowsPrivate: allowsPrivateAddresses)
    }

    // An acknowledgement is seven bytes; a receiver that sends much more isn't acknowledging.
    private static let bodyLimit = 4_096

    func post(
        _ body: [UInt8], to url: String, id: EventID, attempt: Int32, trace: TraceContext?
    ) async -> DeliveryResult {
        if let refusal = await guardian.refusal(of: url) {
            return DeliveryResult(httpStatus: nil, error: refusal, isAcknowledged: false)
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
            let seconds = timeLimit / .milliseconds(1)
            let deadline = NIODeadline.now() + .milliseconds(Int64(seconds))
            let response = try await client.execute(request, deadline: deadline)
            let buffer = try await response.body.collect(upTo: Self.bodyLimit)
            return DeliveryResult(
                status: Int32(response.status.code), body: String(buffer: buffer))
        } catch {
            return DeliveryResult(
                httpStatus: nil, error: "no answer: \(error)", isAcknowledged: false)
        }
    }
}

/// What came of one attempt.
struct DeliveryResult: Sendable, Equatable {
    /// The receiver's status, if it answered.
    let httpStatus: Int32?
    /// Why it isn't acknowledged.
    let error: String?
    let isAcknowledged: Bool

    init(httpStatus: Int32?, error: String?, isAcknowledged: Bool) {
        self.httpStatus = httpStatus
        self.error = error.map { String($0.prefix(300)) }
        self.isAcknowledged = isAcknowledged
    }

    /// Acknowledged by 2xx and a body that, trimmed, is `success`.
    init(status: Int32, body: String) {
        let isSuccess = body.split(whereSeparator: \.isWhitespace) == ["success"]
        let isAcknowledged = (200..<300).contains(status) && isSuccess
        self.init(
            httpStatus: status,
            error: isAcknowledged
                ? nil : "answered \(status) without 'success' as its body",
            isAcknowledged: isAcknowledged)
    }
}

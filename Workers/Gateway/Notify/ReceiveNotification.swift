import Channels
import Events
import Foundation
import Hummingbird
import Logging
import Payments
import Store
import WorkerRuntime

/// `POST /v1/channels/{channel}/notify`: publishes the channel's notification, byte by byte, and
/// acknowledges it only after the broker has acknowledged the event.
///
/// The callback worker decides. The signature is verified here too: a forged notification is
/// recorded, and never acknowledged.
struct ReceiveNotification: Sendable {
    let channel: any PaymentChannel
    let clock: any BusinessClock
    let logger: Logger
    let producer: any EventPublisher

    /// What became of a notification.
    enum Result: Equatable {
        /// Genuine, and the broker has acknowledged the event.
        case acknowledged
        /// Published as it was received; not the channel's, or not readable.
        case notGenuine
        /// Nothing was published.
        case brokerUnavailable
        /// The broker has not acknowledged the event; it may have it all the same.
        case notPublished
        /// Without a body, or with one over the limit.
        case unreadable

        var status: HTTPResponse.Status {
            switch self {
            case .acknowledged, .notGenuine: .ok
            case .brokerUnavailable, .notPublished: .serviceUnavailable
            case .unreadable: .badRequest
            }
        }
    }

    func respond(to request: Request) async throws -> Response {
        let body = try? await RequestBody.bytes(of: request)
        let result = await receive(body ?? [], headers: Self.headers(of: request))
        return Response(
            status: result.status,
            headers: [.contentType: channel.notificationReplies.contentType],
            body: .init(byteBuffer: ByteBuffer(string: text(of: result))))
    }

    /// Publishes a notification's body.
    func receive(_ body: [UInt8], headers: [String: String]) async -> Result {
        guard !body.isEmpty else { return .unreadable }
        guard await !producer.isBrokerUnavailable else { return .brokerUnavailable }
        let observation = try? channel.observation(ofNotification: body)
        let now = clock.now()
        let event = CallbackReceived(
            envelope: CallbackReceived.envelope(at: now), channel: channel.name,
            origin: .notify,
            orderNo: observation?.orderNo ?? channel.claimedOrderNo(ofNotification: body) ?? "",
            raw: body, headers: headers, receivedAt: EventTime(now))
        do {
            try await producer.publish([OutgoingEvent(event)])
        } catch {
            logger.warning(
                "a notification was not published; the channel sends it again",
                metadata: ["error": "\(error)"])
            return .notPublished
        }
        return observation == nil ? .notGenuine : .acknowledged
    }

    /// The reply's body in the channel's words.
    func text(of result: Result) -> String {
        let replies = channel.notificationReplies
        return result == .acknowledged ? replies.acknowledged : replies.refused
    }

    private static func headers(of request: Request) -> [String: String] {
        var kept: [String: String] = [:]
        kept["content-type"] = request.headers[.contentType]
        kept["user-agent"] = request.headers[.userAgent].map { String($0.prefix(200)) }
        return kept
    }
}

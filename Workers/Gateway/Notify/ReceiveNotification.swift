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

    func respond(to request: Request) async throws -> Response {
        guard let body = try? await RequestBody.bytes(of: request), !body.isEmpty else {
            return reply(channel.notificationReplies.refused, status: .badRequest)
        }
        guard await !producer.isBrokerUnavailable else {
            return reply(channel.notificationReplies.refused, status: .serviceUnavailable)
        }
        let observation = try? channel.observation(ofNotification: body)
        let now = clock.now()
        let event = CallbackReceived(
            envelope: CallbackReceived.envelope(at: now), channel: channel.name,
            origin: .notify,
            orderNo: observation?.orderNo ?? channel.claimedOrderNo(ofNotification: body) ?? "",
            raw: body, headers: Self.headers(of: request), receivedAt: EventTime(now))
        do {
            try await producer.publish([OutgoingEvent(event)])
        } catch {
            logger.warning(
                "a notification was not published; the channel sends it again",
                metadata: ["error": "\(error)"])
            return reply(channel.notificationReplies.refused, status: .serviceUnavailable)
        }
        return observation == nil
            ? reply(channel.notificationReplies.refused, status: .ok)
            : reply(channel.notificationReplies.acknowledged, status: .ok)
    }

    private static func headers(of request: Request) -> [String: String] {
        var kept: [String: String] = [:]
        kept["content-type"] = request.headers[.contentType]
        kept["user-agent"] = request.headers[.userAgent].map { String($0.prefix(200)) }
        return kept
    }

    private func reply(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: channel.notificationReplies.contentType],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

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
/// Only what the channel has signed, for this app and payee, about an order number of our form is
/// published: a stranger can't make records. The callback worker verifies again and decides.
struct ReceiveNotification: Sendable {
    let channel: any PaymentChannel
    let clock: any BusinessClock
    let logger: Logger
    let producer: any EventPublisher
    let refusals: RefusalSample

    /// What became of a notification.
    enum Result: Equatable {
        /// The channel's, and the broker has acknowledged the event.
        case acknowledged
        /// Not the channel's, or not about us: nothing was published.
        case refused
        /// Nothing was published.
        case brokerUnavailable
        /// The broker has not acknowledged the event; it may have it all the same.
        case notPublished
        /// Without a body, or with one over the limit: nothing was published.
        case unreadable

        var status: HTTPResponse.Status {
            switch self {
            case .acknowledged, .refused: .ok
            case .brokerUnavailable, .notPublished: .serviceUnavailable
            case .unreadable: .badRequest
            }
        }
    }

    func respond(to request: Request, remoteIP: String? = nil) async throws -> Response {
        let body: [UInt8]
        do {
            body = try await RequestBody.bytes(of: request)
        } catch {
            refuse(.tooLarge, [], nil, remoteIP)
            return response(.unreadable)
        }
        return response(
            await receive(body, headers: Self.headers(of: request), remoteIP: remoteIP))
    }

    /// Verifies and publishes a notification's body.
    func receive(
        _ body: [UInt8], headers: [String: String], remoteIP: String? = nil
    ) async -> Result {
        guard !body.isEmpty else {
            refuse(.empty, [], nil, remoteIP)
            return .unreadable
        }
        let claimed = channel.claimedOrderNo(ofNotification: body)
        let observation: ChannelObservation
        do throws(NotificationRefusal) {
            observation = try verified(body, claimed)
        } catch {
            refuse(error, body, claimed, remoteIP)
            return .refused
        }
        guard await !producer.isBrokerUnavailable else { return .brokerUnavailable }
        let now = clock.now()
        let event = CallbackReceived(
            envelope: CallbackReceived.envelope(at: now), channel: channel.name,
            origin: .notify, orderNo: observation.orderNo, raw: body, headers: headers,
            receivedAt: EventTime(now))
        do {
            try await producer.publish([OutgoingEvent(event)])
        } catch {
            logger.warning(
                "a notification was not published; the channel sends it again",
                metadata: ["order_no": "\(observation.orderNo)", "error": "\(error)"])
            return .notPublished
        }
        return .acknowledged
    }

    // What is cheap comes first: a forged notification should cost little.
    private func verified(
        _ body: [UInt8], _ claimed: String?
    ) throws(NotificationRefusal) -> ChannelObservation {
        if let claimed, !OrderNumberForm.isValid(claimed) { throw .orderNumber }
        let observation: ChannelObservation
        do throws(ChannelMessageError) {
            observation = try channel.observation(ofNotification: body)
        } catch {
            throw NotificationRefusal(error)
        }
        guard OrderNumberForm.isValid(observation.orderNo) else { throw .orderNumber }
        if let seen = observation.appID, seen != channel.account.appID { throw .app(seen) }
        let sellerID = channel.account.sellerID
        if let seen = observation.sellerID, !sellerID.isEmpty, seen != sellerID {
            throw .seller(seen)
        }
        return observation
    }

    private func refuse(
        _ refusal: NotificationRefusal, _ body: [UInt8], _ claimed: String?, _ remoteIP: String?
    ) {
        refusals.record(
            refusal, orderNo: claimed, body: body, remoteIP: remoteIP, at: clock.now())
    }

    private func response(_ result: Result) -> Response {
        var headers: HTTPFields = [.contentType: channel.notificationReplies.contentType]
        if result.status == .serviceUnavailable { headers[.retryAfter] = "1" }
        return Response(
            status: result.status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: text(of: result))))
    }

    /// The reply's body in the channel's words.
    func text(of result: Result) -> String {
        let replies = channel.notificationReplies
        return result == .acknowledged ? replies.acknowledged : replies.refused
    }

    private static func headers(of request: Request) -> [String: String] {
        var kept: [String: String] = [:]
        kept["content-type"] = request.headers[.contentType].map { String($0.prefix(200)) }
        kept["user-agent"] = request.headers[.userAgent].map { String($0.prefix(200)) }
        return kept
    }
}

import Channels
import Events
import Foundation
import Hummingbird
import Logging
import Payments
import Store
import WorkerRuntime

/// `POST /v1/channels/alipay/notify`: stores what the channel says, byte by byte, before it answers
/// `success`.
///
/// The callback worker decides. The signature is checked here too, so that a forgery isn't thanked
/// for: it is recorded, and answered `fail`.
struct AlipayNotify: Sendable {
    let role: RoleContext
    let producer: any EventPublisher
    let channel: any PaymentChannel

    func respond(to request: Request) async throws -> Response {
        guard let body = try? await RequestBody.bytes(of: request), !body.isEmpty else {
            return Self.answer("fail", status: .badRequest)
        }
        guard await !producer.isBrokerUnavailable else {
            return Self.answer("fail", status: .serviceUnavailable)
        }
        let observation = try? channel.observation(ofNotification: body)
        let now = role.clock.now()
        let event = CallbackReceived(
            envelope: CallbackReceived.envelope(at: now),
            channel: channel.name, origin: .notify,
            orderNo: observation?.orderNo ?? FormField.value(of: "out_trade_no", in: body) ?? "",
            raw: body, headers: Self.headers(of: request), receivedAt: EventTime(now))
        do {
            try await producer.publish([OutgoingEvent(event)])
        } catch {
            role.logger.warning("a callback was not taken", metadata: ["error": "\(error)"])
            return Self.answer("fail", status: .serviceUnavailable)
        }
        return Self.answer(observation == nil ? "fail" : "success", status: .ok)
    }

    private static func headers(of request: Request) -> [String: String] {
        var kept: [String: String] = [:]
        kept["content-type"] = request.headers[.contentType]
        kept["user-agent"] = request.headers[.userAgent].map { String($0.prefix(200)) }
        return kept
    }

    private static func answer(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

/// A field of a form whose content isn't trusted: only for the partition key.
enum FormField {
    static func value(of name: String, in form: [UInt8]) -> String? {
        let text = String(decoding: form, as: UTF8.self)
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name {
                return parts[1].removingPercentEncoding.map { String($0.prefix(64)) }
            }
        }
        return nil
    }
}

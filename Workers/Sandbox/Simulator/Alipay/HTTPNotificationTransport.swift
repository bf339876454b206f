import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1

/// Posts notifications as forms.
struct HTTPNotificationTransport: NotificationTransport {
    let client: HTTPClient
    let logger: Logger

    /// Bytes; a longer reply counts as a failure.
    private static let replyLimit = 4096

    func post(_ notification: AlipayNotification) async -> Bool {
        var request = HTTPClientRequest(url: notification.url)
        request.method = .POST
        request.headers.add(
            name: "content-type", value: "application/x-www-form-urlencoded; charset=utf-8")
        request.body = .bytes(ByteBuffer(string: notification.body))
        do {
            let reply = try await client.execute(request, timeout: .seconds(15), logger: logger)
            let body = try await reply.body.collect(upTo: Self.replyLimit)
            return reply.status == .ok && String(buffer: body) == "success"
        } catch {
            logger.debug(
                "a notification got no reply",
                metadata: ["order_no": "\(notification.orderNo)", "error": "\(error)"])
            return false
        }
    }
}

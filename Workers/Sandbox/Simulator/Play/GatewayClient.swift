import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends the requests of merchants and payers.
struct GatewayClient: Sendable {
    let client: HTTPClient
    /// The platform's address, without a slash at the end.
    let gatewayURL: String
    /// How often a request is repeated after 429 or 503.
    var retries = 100

    private static let replyLimit = 1 << 20
    // Longer than the gateway of a played day holds a request.
    private static let timeout = TimeAmount.seconds(60)

    /// Posts JSON to the platform; after 429 or 503 again with the same body.
    func post(_ path: String, _ body: [UInt8]) async throws -> HTTPReply {
        var reply = HTTPReply(status: 0, body: [])
        for attempt in 0...retries {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(100)) }
            reply = try await send(
                gatewayURL + path, body: body, type: "application/json; charset=utf-8")
            if reply.status != 429 && reply.status != 503 { break }
        }
        return reply
    }

    /// Sends a GET to the platform.
    func get(_ path: String) async throws -> HTTPReply {
        try await send(gatewayURL + path, body: nil, type: nil)
    }

    /// Sends a GET to any address, without following redirects.
    func open(_ url: String) async throws -> HTTPReply {
        try await send(url, body: nil, type: nil)
    }

    /// Posts a form.
    func submit(_ url: String, form: String) async throws -> HTTPReply {
        try await send(
            url, body: Array(form.utf8),
            type: "application/x-www-form-urlencoded; charset=utf-8")
    }

    private func send(_ url: String, body: [UInt8]?, type: String?) async throws -> HTTPReply {
        var request = HTTPClientRequest(url: url)
        if let type { request.headers.add(name: "content-type", value: type) }
        if let body {
            request.method = .POST
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let reply = try await client.execute(request, timeout: Self.timeout)
        let bytes = try await reply.body.collect(upTo: Self.replyLimit)
        return HTTPReply(status: Int(reply.status.code), body: Array(buffer: bytes))
    }
}

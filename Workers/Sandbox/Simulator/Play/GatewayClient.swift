import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends what merchants and payers send.
struct GatewayClient: Sendable {
    let client: HTTPClient
    /// The platform's address, without a slash at the end.
    let gatewayURL: String
    /// How often a request is sent again that the platform was too busy for.
    var patience = 100

    private static let answerLimit = 1 << 20
    // Longer than a played gateway lets a request wait.
    private static let timeout = TimeAmount.seconds(60)

    /// Posts JSON to the platform; 429 and 503 are waited out with the same body.
    func post(_ path: String, _ body: [UInt8]) async throws -> HTTPReply {
        var answer = HTTPReply(status: 0, body: [])
        for attempt in 0...patience {
            if attempt > 0 { try await Task.sleep(for: .milliseconds(100)) }
            answer = try await send(
                gatewayURL + path, body: body, type: "application/json; charset=utf-8")
            if answer.status != 429 && answer.status != 503 { break }
        }
        return answer
    }

    /// Gets from the platform.
    func get(_ path: String) async throws -> HTTPReply {
        try await send(gatewayURL + path, body: nil, type: nil)
    }

    /// Opens an address as a browser does, without following redirects.
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
        let answer = try await client.execute(request, timeout: Self.timeout)
        let bytes = try await answer.body.collect(upTo: Self.answerLimit)
        return HTTPReply(status: Int(answer.status.code), body: Array(buffer: bytes))
    }
}

public import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends over HTTP; follows no redirects and keeps to the request's limits.
public struct HTTPChannelTransport: ChannelTransport {
    private let client: HTTPClient

    /// - Parameter client: borrowed; the caller shuts it down. Make it with
    ///   `HTTPClient.Configuration.forChannels`.
    public init(client: HTTPClient) { self.client = client }

    public func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = request.method == .get ? .GET : .POST
        for header in request.headers {
            outgoing.headers.add(name: header.name, value: header.value)
        }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        do {
            // One limit for the name's resolution, the connection, the head and the whole body.
            return try await withTimeLimit(request.timeout) { [outgoing] in
                try await exchange(outgoing, request)
            }
        } catch let error as ChannelError {
            throw error
        } catch is NIOTooManyBytesError {
            throw .unknownOutcome(
                reason: "the answer is longer than \(request.answerLimit) bytes")
        } catch {
            throw .unknownOutcome(reason: "no whole answer came (\(error))")
        }
    }

    private func exchange(
        _ outgoing: HTTPClientRequest, _ request: TransportRequest
    ) async throws -> TransportAnswer {
        let deadline = NIODeadline.now() + TimeAmount(request.timeout)
        let response = try await client.execute(outgoing, deadline: deadline)
        // A client configured to follow redirects has sent the request to another address.
        guard response.history.count <= 1, !(300..<400).contains(response.status.code) else {
            throw ChannelError.unknownOutcome(reason: "the answer was a redirect")
        }
        let body = try await response.body.collect(upTo: request.answerLimit)
        // A body that cancelling has cut off isn't the answer.
        try Task.checkCancellation()
        return TransportAnswer(
            status: Int(response.status.code), body: Array(body.readableBytesView))
    }
}

extension HTTPClient.Configuration {
    /// For a client that talks to channels and banks: no redirects, ten seconds to connect.
    public static var forChannels: HTTPClient.Configuration {
        HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: Timeout(connect: .seconds(10)))
    }
}

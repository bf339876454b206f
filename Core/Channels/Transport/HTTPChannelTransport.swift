public import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends over HTTP; follows no redirects, waits no longer than asked.
struct HTTPChannelTransport: ChannelTransport {
    let client: HTTPClient

    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = request.method == .get ? .GET : .POST
        for header in request.headers {
            outgoing.headers.add(name: header.name, value: header.value)
        }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        do {
            // One deadline for the head and the body together.
            let deadline = NIODeadline.now() + TimeAmount(request.timeout)
            let response = try await client.execute(outgoing, deadline: deadline)
            // A client that was set up to follow redirects has carried the request elsewhere.
            guard response.history.count <= 1, !(300..<400).contains(response.status.code) else {
                throw ChannelError.unknownOutcome(reason: "the answer was a redirect")
            }
            let body = try await response.body.collect(upTo: request.answerLimit)
            return TransportAnswer(
                status: Int(response.status.code), body: Array(body.readableBytesView))
        } catch let error as ChannelError {
            throw error
        } catch is NIOTooManyBytesError {
            throw .unknownOutcome(
                reason: "the answer is longer than \(request.answerLimit) bytes")
        } catch {
            throw .unknownOutcome(reason: "no whole answer came (\(error))")
        }
    }
}

extension HTTPClient.Configuration {
    /// For a client that talks to channels and banks: no redirects, ten seconds to connect.
    public static var forChannels: HTTPClient.Configuration {
        HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: Timeout(connect: .seconds(10)))
    }
}

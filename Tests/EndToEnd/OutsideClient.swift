import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends HTTP requests as merchants, payers and the channel do.
struct OutsideClient: Sendable {
    /// Its address, without a slash at the end.
    let gateway: String
    // One for all tests, and never shut down: a test that fails needn't think of it.
    private static let client = HTTPClient(
        eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
        configuration: .init(redirectConfiguration: .disallow))

    init(gateway: String) { self.gateway = gateway }

    func get(_ path: String) async throws -> Answer {
        try await send(HTTPClientRequest(url: url(path)))
    }

    func post(
        _ path: String, json: [UInt8], headers: [String: String] = [:]
    ) async throws -> Answer {
        try await post(path, json, type: "application/json", headers: headers)
    }

    /// - Parameter fields: sent percent-encoded.
    func post(_ path: String, form fields: [(String, String)]) async throws -> Answer {
        let body = fields.map { "\(Percent.encode($0))=\(Percent.encode($1))" }
            .joined(separator: "&")
        return try await post(
            path, Array(body.utf8), type: "application/x-www-form-urlencoded; charset=utf-8")
    }

    private func post(
        _ path: String, _ body: [UInt8], type: String, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url(path))
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 22)
        return Answer(
            status: Int(response.status.code),
            type: response.headers.first(name: "content-type") ?? "",
            body: Array(body.readableBytesView))
    }

    private func url(_ path: String) -> String { path.hasPrefix("http") ? path : gateway + path }
}

/// Percent escapes for all but ASCII a-z, A-Z, digits and `-._~`.
enum Percent {
    static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

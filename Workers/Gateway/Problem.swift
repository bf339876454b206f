import Foundation
import Hummingbird

/// An answer that says no: `application/problem+json` (RFC 9457), for the caller to read.
struct Problem: Error, Sendable, Equatable {
    let status: Int
    let code: String
    let detail: String

    init(_ status: Int, _ code: String, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    static func malformed(_ detail: String) -> Problem { Problem(400, "malformed", detail) }
    static let bodyTooLarge = Problem(
        413, "body_too_large", "the body is larger than \(RequestBody.limit) bytes")
    static let tooBusy = Problem(
        429, "too_busy", "too many requests are waiting for an answer; try again in a second")
    static let brokerUnavailable = Problem(
        503, "broker_unavailable", "the order can't be taken now; nothing was taken, send it again")
    static let databaseUnavailable = Problem(
        503, "database_unavailable", "this can't be answered now; try again in a few seconds")
    static let orderUnknown = Problem(
        404, "order_unknown", "this merchant has no order of that merchant_order_no")

    private static let titles = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
        429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
    ]

    /// The problem as an HTTP answer.
    var response: Response {
        let members: [String: String] = [
            "type": "urn:tallyhouse:problem:\(code)", "title": Self.titles[status] ?? "Problem",
            "detail": detail, "code": code,
        ]
        var object: [String: Any] = members
        object["status"] = status
        let data =
            (try? JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]))
            ?? Data("{}".utf8)
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if status == 429 || status == 503 { headers[.retryAfter] = "1" }
        return Response(
            status: .init(code: status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}

import Foundation
import HTTPTypes
import Hummingbird

/// The reply to a request that failed: `application/problem+json` (RFC 9457).
struct Problem: Error, Sendable, Equatable {
    /// The HTTP status.
    let status: Int
    /// For programs, for example `bad_signature`; documented in `docs/openapi.yaml`.
    let code: String
    /// For people; names what is wrong, never a secret.
    let detail: String
    /// The methods of a path where only the method is wrong; else empty.
    var allowedMethods: [String] = []

    init(_ status: Int, _ code: String, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    static func malformed(_ detail: String) -> Problem { Problem(400, "malformed", detail) }
    static let bodyTooLarge = Problem(
        413, "body_too_large", "the body is larger than \(RequestBody.limit) bytes")
    static let tooBusy = Problem(
        429, "too_busy", "too many requests are waiting for their replies; retry in a second")
    static let brokerUnavailable = Problem(
        503, "broker_unavailable",
        "the broker is unavailable; nothing was published, send the same request again")
    static let databaseUnavailable = Problem(
        503, "database_unavailable", "the database is unavailable; retry in a few seconds")
    static let orderUnknown = Problem(
        404, "order_unknown", "this merchant has no order with this merchant_order_no")

    static func tooMany(_ whose: String) -> Problem {
        Problem(429, "too_many_requests", "too many requests \(whose); retry in a second")
    }

    static func wrongMethod(_ allowed: [String]) -> Problem {
        var problem = Problem(
            405, "method_not_allowed", "this path allows \(allowed.joined(separator: ", "))")
        problem.allowedMethods = allowed
        return problem
    }

    private static let titles = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
        429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
    ]

    /// The HTTP response; 429 and 503 carry `Retry-After`, 405 `Allow`.
    /// - Parameter traceID: of the request.
    func response(traceID: String) -> Response {
        let texts: [String: String] = [
            "type": "urn:tallyhouse:problem:\(code)", "title": Self.titles[status] ?? "Problem",
            "detail": detail, "code": code, "trace_id": traceID,
        ]
        var object: [String: Any] = texts
        object["status"] = status
        let data =
            (try? JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]))
            ?? Data("{}".utf8)
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if status == 429 || status == 503 { headers[.retryAfter] = "1" }
        if !allowedMethods.isEmpty { headers[.allow] = allowedMethods.joined(separator: ", ") }
        return Response(
            status: .init(code: status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// The fields of a posted form that came from a page of this console.
struct ConsoleForm: Sendable {
    private static let largest = 16_384
    private let fields: [String: String]

    /// A field without surrounding spaces; empty where it is missing.
    func text(_ name: String) -> String {
        (fields[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A field as it was typed; empty where it is missing.
    func exact(_ name: String) -> String { fields[name] ?? "" }

    /// Reads the form; throws 403 for one that another site made.
    /// - Parameter session: whose form token it must carry; `nil` for the sign-in's first form,
    ///   which has none.
    static func read(_ request: Request, of session: Session?) async throws -> ConsoleForm {
        guard isSameOrigin(request) else { throw PageError(status: .forbidden, foreign) }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: largest)
        } catch is NIOTooManyBytesError {
            throw PageError(status: .contentTooLarge)
        }
        let fields = parse(String(buffer: buffer))
        if let session, fields["form_token"] != session.formToken {
            throw PageError(status: .forbidden, foreign)
        }
        return ConsoleForm(fields: fields)
    }

    private static let foreign = (
        english: "The form didn't come from this console's own page, or its session has ended. "
            + "Nothing was changed; open the page again.",
        chinese: "表单并非来自本控制台页面，或会话已结束。未做任何更改，请重新打开页面。"
    )

    /// Browsers send where a request comes from; one that sends neither header is no browser, and
    /// has no cookie of another person either.
    private static func isSameOrigin(_ request: Request) -> Bool {
        if let site = HTTPField.Name("sec-fetch-site").flatMap({ request.headers[$0] }),
            site != "same-origin", site != "none"
        {
            return false
        }
        guard let origin = request.headers[.origin] else { return true }
        guard let host = request.head.authority, let url = URL(string: origin) else { return false }
        let port = url.port.map { ":\($0)" } ?? ""
        return (url.host ?? "") + port == host
    }

    /// `application/x-www-form-urlencoded`; of a repeated name the last value counts.
    static func parse(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&").prefix(100) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? ""
            }
            guard let name = decoded.first, !name.isEmpty else { continue }
            fields[name] = decoded.count > 1 ? decoded[1] : ""
        }
        return fields
    }
}

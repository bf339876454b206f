import Foundation

/// An HTTP answer.
struct Answer: Sendable {
    let status: Int
    let type: String
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// A field that is text.
    subscript(name: String) -> String? { object[name] as? String }

    /// A field that is a whole number.
    func number(_ name: String) -> Int? { object[name] as? Int }

    /// A field of each object in a list.
    func list(_ name: String, _ field: String) -> [String] {
        (object[name] as? [[String: Any]] ?? []).compactMap { $0[field] as? String }
    }

    /// Whether it is a problem (RFC 9457) with this status and code.
    func isProblem(_ status: Int, _ code: String) -> Bool {
        self.status == status && type == "application/problem+json" && self["code"] == code
            && number("status") == status && self["title"] != nil && self["type"] != nil
            && self["detail"]?.isEmpty == false
    }

    private var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }
}

import Channels
import Foundation
import Payments

/// The text fields of an answer's node.
struct AlipayNode: Sendable {
    private let texts: [String: String]
    private let raw: [UInt8]

    /// Reads the node of an answer; fields that aren't text are skipped.
    init(_ response: AlipayResponse) throws(ChannelMessageError) {
        // Verified as it came; only the reading needs UTF-8.
        raw =
            String(validating: response.node, as: UTF8.self) == nil
            ? Array((AlipayCharset.gbk.decode(response.node) ?? "").utf8) : response.node
        do {
            texts = try JSONDecoder().decode([String: Field].self, from: Data(raw))
                .compactMapValues(\.text)
        } catch {
            throw .malformed("its node is not a JSON object")
        }
    }

    /// A field's text; `nil` where it is missing, empty or not text.
    subscript(name: String) -> String? { texts[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The text fields of each object of a list; empty where it is no list.
    func objects(_ name: String) -> [[String: String]] {
        let lists = try? JSONDecoder().decode([String: Nested].self, from: Data(raw))
        return lists?[name]?.objects ?? []
    }

    /// The text fields of an object, also of one that is written into a text.
    func texts(in name: String) -> [String: String]? {
        let decoder = JSONDecoder()
        if let text = self[name] {
            let fields = try? decoder.decode([String: Field].self, from: Data(text.utf8))
            return fields?.compactMapValues(\.text)
        }
        return (try? decoder.decode([String: Nested].self, from: Data(raw)))?[name]?.object
    }

    /// The result code.
    /// - Throws: `malformed` where there is none.
    func code() throws(ChannelMessageError) -> String {
        guard let code = self["code"] else { throw .malformed("its node has no code") }
        return code
    }

    /// An amount in yuan.
    func money(_ name: String) throws(ChannelMessageError) -> Money? {
        try self[name].map { text throws(ChannelMessageError) in
            do { return try Money(yuan: text) } catch { throw .malformed("\(name): \(error)") }
        }
    }

    /// A time, written in Beijing time.
    func time(_ name: String) throws(ChannelMessageError) -> Timestamp? {
        try self[name].map { text throws(ChannelMessageError) in
            guard let time = Timestamp(shanghai: text) else {
                throw .malformed("\(name) is not a time: '\(text.prefix(32))'")
            }
            return time
        }
    }

    private struct Nested: Decodable {
        let object: [String: String]?
        let objects: [[String: String]]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            object = (try? value.decode([String: Field].self))?.compactMapValues(\.text)
            let list = try? value.decode([[String: Field]].self)
            objects = (list ?? []).map { $0.compactMapValues(\.text) }
        }
    }

    private struct Field: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}

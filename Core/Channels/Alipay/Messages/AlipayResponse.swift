public import Channels
import Foundation

/// A gateway's answer, split but not yet verified (channel protocol §1.5).
///
/// The signature is over the node's bytes as received, from its brace to the matching one (quotes
/// and escapes are observed). They are never parsed and serialised again.
public struct AlipayResponse: Sendable {
    /// The name of the node: the method's, or `error_response`.
    public let nodeName: String
    /// The node's bytes.
    public let node: [UInt8]
    /// The signature, if there is one.
    public let sign: String?
    /// The number of the certificate that it was made with; in certificate mode.
    public let certificateNo: String?

    /// Splits an answer to a method.
    /// - Throws: `malformed` where the body isn't one JSON object with the method's node.
    public init(_ raw: [UInt8], method: String) throws(ChannelMessageError) {
        let fields = try JSONCut.fields(of: raw)
        let wanted = Self.nodeName(method)
        guard let name = [wanted, "error_response"].first(where: { fields[$0] != nil }),
            let node = fields[name]
        else { throw .malformed("there is no \(wanted) in it") }
        nodeName = name
        self.node = Array(raw[node])
        sign = try Self.text("sign", fields, raw)
        certificateNo = try Self.text("alipay_cert_sn", fields, raw)
    }

    private static func text(
        _ name: String, _ fields: [String: Range<Int>], _ raw: [UInt8]
    ) throws(ChannelMessageError) -> String? {
        guard let range = fields[name] else { return nil }
        guard let text = try? JSONDecoder().decode(String.self, from: Data(raw[range])) else {
            throw .malformed("its \(name) is not text")
        }
        return text
    }

    /// `alipay.trade.query` → `alipay_trade_query_response`.
    static func nodeName(_ method: String) -> String {
        method.replacingOccurrences(of: ".", with: "_") + "_response"
    }
}

/// Finds the fields of a JSON object in its bytes, without reading their values.
enum JSONCut {
    /// The range of each field's value.
    static func fields(
        of raw: [UInt8]
    ) throws(ChannelMessageError) -> [String: Range<Int>] {
        var scanner = Scanner(raw: raw)
        var fields: [String: Range<Int>] = [:]
        try scanner.expect(UInt8(ascii: "{"))
        if scanner.skip(UInt8(ascii: "}")) { return [:] }
        repeat {
            let name = try scanner.string()
            try scanner.expect(UInt8(ascii: ":"))
            let value = try scanner.value()
            let key = String(decoding: raw[name].dropFirst().dropLast(), as: UTF8.self)
            guard fields.updateValue(value, forKey: key) == nil else {
                throw .malformed("the field '\(key.prefix(48))' is repeated")
            }
        } while scanner.skip(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"))
        guard scanner.isAtEnd() else { throw .malformed("bytes follow its end") }
        return fields
    }

    private struct Scanner {
        let raw: [UInt8]
        var position = 0
        /// Whether bytes beyond ASCII come in pairs, whose second may look like a backslash: GBK,
        /// in which gateways answer that don't know the request's charset.
        private let hasPairs: Bool

        init(raw: [UInt8]) {
            self.raw = raw
            hasPairs = String(validating: raw, as: UTF8.self) == nil
        }

        mutating func isAtEnd() -> Bool {
            skipBlanks()
            return position == raw.count
        }

        mutating func skip(_ byte: UInt8) -> Bool {
            skipBlanks()
            guard position < raw.count, raw[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func expect(_ byte: UInt8) throws(ChannelMessageError) {
            guard skip(byte) else {
                throw .malformed("it is not a JSON object at byte \(position)")
            }
        }

        /// A string with its quotes.
        mutating func string() throws(ChannelMessageError) -> Range<Int> {
            skipBlanks()
            let start = position
            try expect(UInt8(ascii: "\""))
            while position < raw.count {
                let byte = raw[position]
                let isPair = byte == UInt8(ascii: "\\") || (hasPairs && byte > 0x80)
                position += isPair ? 2 : 1
                if byte == UInt8(ascii: "\"") { return start..<position }
            }
            throw .malformed("a text in it has no end")
        }

        /// Any value: an object or an array through its matching bracket.
        mutating func value() throws(ChannelMessageError) -> Range<Int> {
            skipBlanks()
            let start = position
            var depth = 0
            repeat {
                guard position < raw.count else { throw .malformed("it has no end") }
                switch raw[position] {
                case UInt8(ascii: "\""): _ = try string()
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    position += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    position += 1
                    guard depth >= 0 else { throw .malformed("a value in it is missing") }
                default:
                    if depth == 0 { try scalar() } else { position += 1 }
                }
            } while depth > 0
            return start..<position
        }

        private mutating func scalar() throws(ChannelMessageError) {
            let start = position
            while position < raw.count, !Self.endsScalar.contains(raw[position]) { position += 1 }
            guard position > start else { throw .malformed("a value in it is missing") }
        }

        private mutating func skipBlanks() {
            while position < raw.count, Self.blanks.contains(raw[position]) { position += 1 }
        }

        private static let blanks = Array(" \t\r\n".utf8)
        private static let endsScalar = Array(",}] \t\r\n".utf8)
    }
}

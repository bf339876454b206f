public import Channels

/// A charset of the gateway's messages: it decides which bytes are signed.
public enum AlipayCharset: String, Sendable, Hashable, CaseIterable {
    /// The charset of the platform's requests.
    case utf8 = "utf-8"
    /// Declared by older applications.
    case gbk = "GBK"

    /// The charset by a name that messages declare, in either case; `nil` for an unknown one.
    public init?(declared name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8": self = .utf8
        case "gbk", "gb2312", "gb18030": self = .gbk
        default: return nil
        }
    }

    /// The bytes of a text.
    public func encode(_ text: String) throws(GBKError) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .gbk: try GBK.encode(text)
        }
    }

    /// The text of some bytes; `nil` where they aren't of this charset.
    public func decode(_ bytes: [UInt8]) -> String? {
        switch self {
        case .utf8: String(validating: bytes, as: UTF8.self)
        case .gbk: try? GBK.decode(bytes)
        }
    }
}

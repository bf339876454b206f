import Channels

/// The parameters of a gateway call, from its query and its form body together.
struct AlipayParameters: Sendable, Equatable {
    /// Decoded in the declared charset.
    let values: [String: String]
    /// The bytes that were decoded, which are what is signed.
    private let bytes: [String: [UInt8]]

    /// Reads both.
    /// - Throws: where a name occurs twice with different values, or the text isn't in the declared
    ///   charset.
    init(query: String, body: [UInt8]) throws(AlipayError) {
        var bytes: [String: [UInt8]] = [:]
        for part in [Array(query.utf8), body] {
            for pair in part.split(separator: UInt8(ascii: "&")) {
                let halves = pair.split(
                    separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(decoding: FormCoding.decode(halves[0]), as: UTF8.self)
                let value = halves.count > 1 ? FormCoding.decode(halves[1]) : []
                if let other = bytes[name], other != value {
                    throw .invalid(
                        "isv.suspected-attack", "参数 \(name) 重复", isSigned: false)
                }
                bytes[name] = value
            }
        }
        let charset = bytes["charset"].map { String(decoding: $0, as: UTF8.self).lowercased() }
        var values: [String: String] = [:]
        for (name, value) in bytes {
            guard let text = Self.text(value, charset: charset ?? "utf-8") else {
                throw .invalid("isv.invalid-charset", "编码错误: \(name)", isSigned: false)
            }
            values[name] = text
        }
        self.bytes = bytes
        self.values = values
    }

    /// A parameter's value; `nil` where it is missing or empty.
    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The string to sign of a request (channel protocol §1.3), in the charset it was sent in.
    var signedBytes: [UInt8] {
        let parts = bytes.filter { $0.key != "sign" && !$0.key.isEmpty && !$0.value.isEmpty }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { Array($0.key.utf8) + [UInt8(ascii: "=")] + $0.value }
        return Array(parts.joined(separator: [UInt8(ascii: "&")]))
    }

    private static func text(_ bytes: [UInt8], charset: String) -> String? {
        switch charset {
        case "utf-8", "utf8": String(validating: bytes, as: UTF8.self)
        case "gbk", "gb2312", "gb18030": try? GBK.decode(bytes)
        default: nil
        }
    }
}

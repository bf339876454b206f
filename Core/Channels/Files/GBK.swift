import CIconv

/// GBK text, read and written as its superset GB18030 by the system's iconv.
public enum GBK {
    /// The text of some bytes.
    /// - Throws: `GBKError` with the offset of the first byte that isn't GB18030.
    public static func decode(_ bytes: [UInt8]) throws(GBKError) -> String {
        String(decoding: try convert(bytes, from: "GB18030", to: "UTF-8"), as: UTF8.self)
    }

    /// The bytes of a text. Characters beyond GBK take the four bytes that GB18030 gives them.
    public static func encode(_ text: String) throws(GBKError) -> [UInt8] {
        try convert(Array(text.utf8), from: "UTF-8", to: "GB18030")
    }

    /// UTF-8 bytes of GB18030 bytes.
    static func utf8(_ bytes: [UInt8]) throws(GBKError) -> [UInt8] {
        try convert(bytes, from: "GB18030", to: "UTF-8")
    }

    private static func convert(
        _ bytes: [UInt8], from: String, to: String
    ) throws(GBKError) -> [UInt8] {
        // iconv_open returns (iconv_t)-1 for an unknown charset.
        guard let converter = iconv_open(to, from), Int(bitPattern: converter) != -1 else {
            throw .unsupported
        }
        defer { iconv_close(converter) }
        var input = bytes
        // Two bytes of GBK make three of UTF-8; one more for ASCII alone, four for the rest.
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 2 + 16)
        var chunk = [CChar](repeating: 0, count: 64 * 1024)
        let offset = input.withUnsafeMutableBytes { input -> Int? in
            var next = input.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = input.count
            while left > 0 {
                let isWhole = chunk.withUnsafeMutableBufferPointer { chunk in
                    var write = chunk.baseAddress
                    var room = chunk.count
                    let result = iconv(converter, &next, &left, &write, &room)
                    let written = UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(chunk)[..<(chunk.count - room)])
                    output.append(contentsOf: written)
                    // A full chunk (E2BIG) has written something; other failures make no progress.
                    return result != -1 || !written.isEmpty
                }
                if !isWhole { return input.count - left }
            }
            return nil
        }
        if let offset { throw .invalid(offset: offset) }
        return output
    }
}

/// Why a text can't be converted.
public enum GBKError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The bytes from this offset on aren't of the charset.
    case invalid(offset: Int)
    /// The system's iconv lacks GB18030.
    case unsupported

    /// What is wrong, and where.
    public var description: String {
        switch self {
        case .invalid(let offset): "the byte at offset \(offset) doesn't belong to GBK text"
        case .unsupported: "the system's iconv doesn't know GB18030; install its charset modules"
        }
    }
}

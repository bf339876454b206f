/// A JSON string without its quotes and escapes: valid UTF-8, valid while the input's buffer is.
struct JSONText {
    private let slice: UnsafeBufferPointer<UInt8>
    // The unescaped bytes; `nil` where the string has no escapes.
    private let unescaped: [UInt8]?

    /// A string without escapes: a slice of the input.
    init(_ slice: UnsafeBufferPointer<UInt8>) {
        self.slice = slice
        unescaped = nil
    }

    /// A string with escapes.
    init(unescaped: [UInt8]) {
        slice = UnsafeBufferPointer(start: nil, count: 0)
        self.unescaped = unescaped
    }

    @inline(__always)
    func withBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        guard let unescaped else { return try body(slice) }
        return try unescaped.withUnsafeBufferPointer(body)
    }

    var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    /// Compares bytes, so that a `switch` over names allocates no string.
    @inline(__always)
    static func ~= (name: StaticString, text: JSONText) -> Bool {
        text.withBytes { bytes in
            name.withUTF8Buffer { $0.count == bytes.count && $0.elementsEqual(bytes) }
        }
    }
}

extension JSONText: CustomStringConvertible {
    var description: String { string }
}

/// A JSON string without its quotes and escapes: valid UTF-8, of use while the input lives.
struct JSONText {
    private let slice: UnsafeBufferPointer<UInt8>
    // Where there were escapes: the bytes that they stand for.
    private let unescaped: [UInt8]?

    /// A string that stands in the input as it is.
    init(_ slice: UnsafeBufferPointer<UInt8>) {
        self.slice = slice
        unescaped = nil
    }

    /// A string that had escapes.
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

    /// Lets a `switch` over names compare bytes, without making a string.
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

import HTTPTypes

extension HTTPField.Name {
    /// W3C trace context.
    static var traceparent: HTTPField.Name {
        HTTPField.Name("traceparent") ?? .contentType
    }
}

/// The W3C trace context that an order carries from here on.
enum Traceparent {
    /// The caller's trace, or a new one.
    static func continued(from header: String?) -> String {
        if let header, isWellFormed(header) { return header }
        var random = SystemRandomNumberGenerator()
        let trace = hex(random.next()) + hex(random.next() | 1)
        return "00-\(trace)-\(hex(random.next() | 1))-01"
    }

    private static func hex(_ bits: UInt64) -> String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    static func isWellFormed(_ header: String) -> Bool {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [2, 32, 16, 2]
            && parts.joined().utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...102).contains(byte)
            }
    }
}

/// A request's fields as received, before they are sorted for signing.
struct RequestDraft {
    private var bytes: [UInt8] = []
    private var fields: [RequestFields.Field] = []

    init() {
        bytes.reserveCapacity(512)
        fields.reserveCapacity(16)
    }

    /// Adds a field of a JSON object.
    /// - Parameter text: the value, where it is a string.
    mutating func add(_ name: JSONText, _ kind: RequestFields.Kind, text: JSONText? = nil) {
        name.withBytes { name in
            if let text {
                text.withBytes { add(name, kind, $0) }
            } else {
                add(name, kind, EmptyCollection())
            }
        }
    }

    /// Adds a field that the caller made.
    mutating func add(_ name: String, _ scalar: RequestScalar) {
        switch scalar {
        case .text(let text): add(name.utf8, .text, text.utf8)
        case .integer(let number): add(name.utf8, .integer(number), EmptyCollection())
        case .flag(let flag): add(name.utf8, .flag(flag), EmptyCollection())
        case .null: add(name.utf8, .null, EmptyCollection())
        }
    }

    private mutating func add(
        _ name: some Sequence<UInt8>, _ kind: RequestFields.Kind, _ text: some Sequence<UInt8>
    ) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        let middle = bytes.count
        switch kind {
        case .text: bytes.append(contentsOf: text)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .null: break
        }
        fields.append(
            RequestFields.Field(
                name: start..<middle, value: middle..<bytes.count, kind: kind))
    }

    /// The fields sorted by their names' bytes, and their text: first `signedCount` bytes of
    /// `name=value` joined with `&`, the string to sign; then names and values of the others.
    func arranged() -> (text: [UInt8], fields: [RequestFields.Field], signedCount: Int) {
        var sorted = fields
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 2 * fields.count)
        let signedCount = bytes.withUnsafeBufferPointer { bytes in
            sorted.sort { bytes[$0.name].lexicographicallyPrecedes(bytes[$1.name]) }
            var arranged = sorted
            for place in sorted.indices where Self.isSigned(sorted[place], bytes) {
                if !text.isEmpty { text.append(UInt8(ascii: "&")) }
                arranged[place].name = Self.append(bytes[sorted[place].name], to: &text)
                text.append(UInt8(ascii: "="))
                arranged[place].value = Self.append(bytes[sorted[place].value], to: &text)
            }
            let signedCount = text.count
            for place in sorted.indices where !Self.isSigned(sorted[place], bytes) {
                arranged[place].name = Self.append(bytes[sorted[place].name], to: &text)
                arranged[place].value = Self.append(bytes[sorted[place].value], to: &text)
            }
            sorted = arranged
            return signedCount
        }
        return (text, sorted, signedCount)
    }

    private static func isSigned(
        _ field: RequestFields.Field, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let name = JSONText(UnsafeBufferPointer(rebasing: bytes[field.name]))
        return switch name {
        case "sign", "agent_signatures": false
        default: !field.value.isEmpty
        }
    }

    private static func append(
        _ slice: Slice<UnsafeBufferPointer<UInt8>>, to text: inout [UInt8]
    ) -> Range<Int> {
        let start = text.count
        text.append(contentsOf: UnsafeBufferPointer(rebasing: slice))
        return start..<text.count
    }
}

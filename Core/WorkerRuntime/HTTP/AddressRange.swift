/// IP addresses with a common beginning: one address, or a block in CIDR notation.
public struct AddressRange: Sendable, Equatable {
    private let start: [UInt8]
    private let bits: Int

    /// - Parameter text: `10.1.2.3`, `10.0.0.0/8`, `::1` or `fd00::/8`.
    /// - Returns: `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = AddressBytes(String(parts[0])) else {
            return nil
        }
        let whole = address.bytes.count * 8
        guard parts.count == 1 || Int(parts[1]).map((0...whole).contains) == true else {
            return nil
        }
        start = address.bytes
        bits = parts.count == 1 ? whole : Int(parts[1]) ?? whole
    }

    func contains(_ address: AddressBytes) -> Bool {
        guard address.bytes.count == start.count else { return false }
        return start.indices.allSatisfy { index in
            let kept = min(8, max(0, bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
            return start[index] & mask == address.bytes[index] & mask
        }
    }
}

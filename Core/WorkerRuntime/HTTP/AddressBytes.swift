import Glibc

/// An IP address as bytes: 4 of IPv4, also where it is mapped into IPv6, else 16.
public struct AddressBytes: Sendable, Hashable {
    /// The address as it is sent, the most significant byte first.
    public let bytes: [UInt8]

    /// - Returns: `nil` for a text that isn't an IP address.
    public init?(_ text: String) {
        // A scope as in fe80::1%eth0 is of this machine alone.
        let text = text.prefix { $0 != "%" }
        var v4 = in_addr()
        if inet_pton(AF_INET, String(text), &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, String(text), &v6) == 1 else { return nil }
        let all = withUnsafeBytes(of: &v6) { Array($0) }
        let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
        bytes = isMapped ? Array(all[12...]) : all
    }

    /// What one caller has: an IPv4 address, or the 64 bits of a network in IPv6, within which an
    /// address costs nothing.
    public var caller: AddressBytes {
        bytes.count == 4 ? self : AddressBytes(bytes: Array(bytes[..<8]))
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }
}

import Glibc
import NIOCore

/// An address that a callback host resolved to: whether deliveries may go there, and whose share
/// they count in.
///
/// Refused are all that isn't a public unicast address (the IANA registries of special-purpose
/// addresses), so that a party can't make the platform send requests into its own network (SSRF).
/// The address that is checked is the one that is connected to: a name that resolves to another
/// address a moment later changes nothing.
struct ReceiverAddress: Sendable, Hashable {
    /// In network order: 4 bytes, or 16. An IPv4 address mapped into IPv6 is the IPv4 address.
    private let bytes: [UInt8]

    /// `nil` for what isn't an IP address.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        let all = withUnsafeBytes(of: &v6) { Array($0) }
        let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10...11] == [0xFF, 0xFF]
        bytes = isMapped ? Array(all[12...]) : all
    }

    /// Whether it is public.
    var isPublic: Bool {
        if bytes.count == 4 { return !Self.specialV4.contains { isIn($0, $1) } }
        // Only 2000::/3 is assigned to unicast on the Internet. 64:ff9b::/96, which reaches IPv4
        // through a NAT64, is outside it.
        return isIn([0x20], 3) && !Self.specialV6.contains { isIn($0, $1) }
    }

    /// What deliveries to it count for: the address; for IPv6 the /64, which one host may hold.
    var share: String {
        bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ".")
    }

    private func isIn(_ block: [UInt8], _ length: Int) -> Bool {
        for (index, byte) in block.enumerated() {
            let bits = min(8, length - 8 * index)
            guard bits > 0 else { break }
            guard bytes[index] >> (8 - bits) == byte >> (8 - bits) else { return false }
        }
        return true
    }

    private static let specialV4: [([UInt8], Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12),
        // Protocol assignments, documentation, 6to4 relays, private, benchmarks, documentation.
        ([192, 0, 0], 24), ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16),
        ([198, 18], 15), ([198, 51, 100], 24), ([203, 0, 113], 24),
        // Azure's metadata and DNS host, which only looks public.
        ([168, 63, 129, 16], 32),
        // Multicast and reserved.
        ([224], 3),
    ]

    private static let specialV6: [([UInt8], Int)] = [
        // Protocol assignments, among them Teredo; documentation; 6to4; documentation.
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x20, 0x02], 16),
        ([0x3F, 0xFF, 0x00], 20),
    ]
}

import Foundation
import NIOCore
import NIOPosix

/// Refuses receivers on loopback, link-local and private networks, so that a party can't make the
/// platform send requests into its own network (SSRF).
///
/// The host is resolved just before the request is sent, and again by the connection: a name whose
/// records change in between passes. Production networks must deny such traffic too.
struct ReceiverAddress: Sendable {
    /// Whether every address is allowed: for a sandbox, whose receivers are on loopback.
    let allowsPrivate: Bool

    /// Why a URL is refused; `nil` if it isn't.
    func refusal(of url: String) async -> String? {
        guard let parsed = URL(string: url), let host = parsed.host else {
            return "the callback URL has no host"
        }
        guard !allowsPrivate else { return nil }
        let port = parsed.port ?? (parsed.scheme == "https" ? 443 : 80)
        do {
            // getaddrinfo blocks: it runs on NIO's pool for blocking work.
            let address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
            return Self.isPrivate(address)
                ? "the callback host \(host) is on a private network" : nil
        } catch {
            return "the callback host \(host) can't be resolved"
        }
    }

    static func isPrivate(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let v4):
            return isPrivate(v4: UInt32(bigEndian: v4.address.sin_addr.s_addr))
        case .v6(let v6):
            let bytes = withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) }
            return isPrivate(v6: bytes)
        case .unixDomainSocket:
            return true
        }
    }

    private static func isPrivate(v4 address: UInt32) -> Bool {
        let blocks: [(UInt32, UInt32)] = [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8),
            (0xA9FE_0000, 16), (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xE000_0000, 3),
        ]
        return blocks.contains { block, length in
            address >> (32 - length) == block >> (32 - length)
        }
    }

    private static func isPrivate(v6 bytes: [UInt8]) -> Bool {
        let isUnspecifiedOrLoopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] <= 1
        let isMappedV4 = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF
        if isMappedV4 {
            return isPrivate(v4: bytes[12...].reduce(0) { $0 << 8 | UInt32($1) })
        }
        let isUniqueLocal = bytes[0] & 0xFE == 0xFC
        let isLinkLocal = bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
        return isUnspecifiedOrLoopback || isUniqueLocal || isLinkLocal || bytes[0] == 0xFF
    }
}

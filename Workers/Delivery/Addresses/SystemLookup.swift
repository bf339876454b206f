import Glibc
import NIOCore

/// The system's resolver: `/etc/hosts`, DNS and whatever else it is configured for.
enum SystemLookup {
    /// What the resolver says about a name.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Every address of a host, without a port. Takes each form that `inet_aton` takes:
    /// `2130706433`, `0x7f.1` and `0177.0.0.1` are addresses, not names.
    @Sendable static func addresses(of host: String) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw Failure(description: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let info = next?.pointee {
            next = info.ai_next
            guard let address = info.ai_addr else { continue }
            switch info.ai_family {
            case AF_INET:
                addresses.append(
                    address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        SocketAddress($0.pointee, host: host)
                    })
            case AF_INET6:
                addresses.append(
                    address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        SocketAddress($0.pointee, host: host)
                    })
            default: continue
            }
        }
        return addresses
    }
}

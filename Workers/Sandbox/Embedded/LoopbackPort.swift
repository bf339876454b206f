import Foundation

/// TCP ports on 127.0.0.1.
public enum LoopbackPort {
    /// One that was free a moment ago: another process may take it before it is used.
    static func free() throws(EmbeddedError) -> UInt16 {
        let descriptor = socket(AF_INET, openType, 0)
        guard descriptor >= 0 else { throw EmbeddedError("no socket: errno \(errno)") }
        defer { close(descriptor) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0
                    ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard code == 0 else { throw EmbeddedError("no free port: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Several different ones, each free a moment ago.
    public static func free(count: Int) throws(EmbeddedError) -> [UInt16] {
        var ports: Set<UInt16> = []
        while ports.count < count { ports.insert(try free()) }
        return Array(ports)
    }

    /// Sends `request` and returns the first bytes of the response; `nil` where the port is closed
    /// or no response comes within a second. Blocks.
    static func response(to request: [UInt8], from port: UInt16) -> [UInt8]? {
        let descriptor = socket(AF_INET, openType, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = loopback(port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { return nil }
        let flags = Int32(MSG_NOSIGNAL)
        guard send(descriptor, request, request.count, flags) == request.count else { return nil }
        var response = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &response, response.count, 0)
        return count > 0 ? Array(response.prefix(count)) : nil
    }

    private static var openType: Int32 { Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue) }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

import Glibc

/// A port of the loopback interface: closed, or one that takes connections and never answers.
public final class LoopbackListener: Sendable {
    /// Its port.
    public let port: UInt16
    private let descriptor: Int32

    /// Connections are completed by the kernel and never read.
    public init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard bound, listen(descriptor, 64) == 0 else { throw ListenError(errno: errno) }
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    struct ListenError: Error { let errno: Int32 }

    /// A port that nobody listens on.
    public static func closedPort() throws -> UInt16 { try LoopbackListener().port }
}

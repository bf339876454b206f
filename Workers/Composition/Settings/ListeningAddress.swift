import Glibc

/// The address on which a role is to serve HTTP.
package struct ListeningAddress: Sendable {
    private let host: String
    package let port: Int
    private let variable: String

    /// - Parameter variable: that sets the port.
    package init(host: String, port: Int, variable: String) {
        self.host = host
        self.port = port
        self.variable = variable
    }

    /// Throws where the process can't listen there, before anything else is started.
    package func check() throws(SettingError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else {
            throw SettingError(
                description: "TALLY_HTTP_HOST is '\(host)', which is no address or name of this "
                    + "host")
        }
        defer { freeaddrinfo(found) }
        let code = Self.bindError(found)
        if code != 0 { throw SettingError(description: text(code)) }
    }

    /// 0, or the error of binding a socket that is closed again.
    private static func bindError(_ address: UnsafeMutablePointer<addrinfo>) -> Int32 {
        let entry = address.pointee
        let descriptor = socket(entry.ai_family, entry.ai_socktype, entry.ai_protocol)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        // As the server does: a closed connection's TIME_WAIT doesn't keep a port.
        var isOn: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, entry.ai_addr, entry.ai_addrlen) == 0 else { return errno }
        return listen(descriptor, 1) == 0 ? 0 : errno
    }

    private func text(_ code: Int32) -> String {
        switch code {
        case EADDRINUSE:
            "port \(port) of \(host) is in use by another process: set \(variable) to a free port"
        case EACCES:
            "port \(port) of \(host) may not be used by this process's user: set \(variable) to "
                + "a port above 1023"
        case EADDRNOTAVAIL:
            "TALLY_HTTP_HOST is \(host), which is no address of this host"
        default:
            "\(variable): nothing can listen on port \(port) of \(host) (errno \(code))"
        }
    }
}

/// The embedded server's settings, given on its command line.
enum PostgresSettings {
    /// Durable, on the loopback only, and for many short transactions. The server's log holds no
    /// statements and no details: those would show bound values.
    static let standard: [String: String] = [
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "fsync": "on",
        "synchronous_commit": "on",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
    ]

    /// As arguments of `postgres`; `overrides` win.
    static func arguments(port: UInt16, overrides: [String: String]) -> [String] {
        standard.merging(overrides) { $1 }
            .merging(["port": "\(port)"]) { $1 }
            .sorted { $0.key < $1.key }
            .flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }
}

import Foundation
import Postgres
import TestServices
import TestWaiting

@testable import Embedded

/// PgBouncer between a test and the shared server, on a folder and a port of its own.
final class PgBouncer: Sendable {
    /// Where Debian installs it; `nil` where it isn't installed.
    static let program: String? = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The URL of a new database behind it.
    let url: String
    /// The same database without it.
    let directURL: String
    private let process: WatchedProcess

    /// - Parameter mode: `transaction` or `session`.
    static func start(mode: String) async throws -> PgBouncer {
        let direct = try await TestServices.shared.freshDatabase()
        let parts = URLComponents(string: direct)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-pgbouncer-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let port = try LoopbackPort.free()
        try Data("\"\(parts?.user ?? "")\" \"\(parts?.password ?? "")\"\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/users"))
        try Data(
            """
            [databases]
            * = host=127.0.0.1 port=\(parts?.port ?? 0)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = \(folder)/users
            pool_mode = \(mode)
            default_pool_size = 2
            logfile =
            """.utf8
        ).write(to: URL(fileURLWithPath: folder + "/pgbouncer.ini"))
        let account = try PostgresAccount.choose(for: folder)
        for file in ["", "/users", "/pgbouncer.ini"] { try account.own(folder + file) }
        var command = WatchedProcess.Command(
            arguments: account.prefix + [program ?? "", folder + "/pgbouncer.ini"],
            environment: ["PATH": "/usr/bin:/bin"], stopSignal: "INT",
            pidFile: folder + "/pid")
        command.folderToRemove = folder
        let process = try WatchedProcess.start(
            command, log: try ChildLog(path: folder + "/log"))
        let bouncer = PgBouncer(
            url: direct.replacing(":\(parts?.port ?? 0)/", with: ":\(port)/"), directURL: direct,
            process: process)
        try await eventually("PgBouncer answers", within: .seconds(20)) {
            guard process.isRunning else {
                throw EmbeddedError("PgBouncer ended", logTail: process.logTail())
            }
            return (try? await PostgresConnection.connect(bouncer.url, logger: quiet)) != nil
        }
        return bouncer
    }

    private init(url: String, directURL: String, process: WatchedProcess) {
        self.url = url
        self.directURL = directURL
        self.process = process
    }

    func stop() async { await process.stop(signal: "QUIT") }
}

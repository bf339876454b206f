import Foundation

/// The paths of the installed PostgreSQL's programs.
struct PostgresPrograms: Sendable {
    let initdb: String
    let server: String
    /// `pg_basebackup`, which is installed beside the server.
    var baseBackup: String {
        URL(fileURLWithPath: initdb).deletingLastPathComponent()
            .appendingPathComponent("pg_basebackup").path
    }

    /// Looks in the folder that `pg_config` prints, then where Debian installs them, newest version
    /// first, then on `PATH`.
    static func find() throws(EmbeddedError) -> PostgresPrograms {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))
        let debian = (versions ?? [])
            .sorted { ($0 as NSString).doubleValue > ($1 as NSString).doubleValue }
            .map { "/usr/lib/postgresql/\($0)/bin" }
        let folders = [configuredFolder()].compactMap { $0 } + debian + searchPath()
        for folder in folders {
            if let initdb = findExecutable("initdb", in: [folder]),
                let server = findExecutable("postgres", in: [folder])
            {
                return PostgresPrograms(initdb: initdb, server: server)
            }
        }
        throw EmbeddedError(
            "no PostgreSQL server found (initdb, postgres): install it with scripts/setup")
    }

    private static func configuredFolder() -> String? {
        guard let program = findExecutable("pg_config", in: searchPath()) else { return nil }
        return ShortCommand.output(of: [program, "--bindir"])?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

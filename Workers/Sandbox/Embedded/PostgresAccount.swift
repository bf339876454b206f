import Foundation

/// The account that PostgreSQL's programs run under. They refuse root; root uses `postgres`.
struct PostgresAccount: Sendable {
    /// The words before a command that change the account; empty where it needn't be changed.
    let prefix: [String]
    private let owner: (user: uid_t, group: gid_t)?

    /// Chooses the account for a folder. For root: user `postgres`, with the capability to enter
    /// folders that it has no rights on (below /root), where the system lets root grant that.
    static func choose(for folder: String) throws(EmbeddedError) -> PostgresAccount {
        guard geteuid() == 0 else { return PostgresAccount(prefix: [], owner: nil) }
        guard let entry = getpwnam("postgres") else {
            throw EmbeddedError(
                "PostgreSQL refuses to run as root and there is no user postgres to run it as: "
                    + "install postgresql (scripts/setup does), or run as another user")
        }
        let (user, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        guard let setpriv = findExecutable("setpriv", in: ["/usr/bin", "/bin", "/sbin"]) else {
            throw EmbeddedError(
                "PostgreSQL refuses to run as root and setpriv (package util-linux) is missing: "
                    + "run as another user")
        }
        let plain = [setpriv, "--reuid", "\(user)", "--regid", "\(group)", "--init-groups"]
        let capable = plain + ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        for prefix in [capable, plain] where canEnter(folder, prefix) {
            return PostgresAccount(prefix: prefix, owner: (user, group))
        }
        throw EmbeddedError(
            "user postgres, which PostgreSQL runs as under root, can't enter \(folder): "
                + "choose another folder (--data /var/tmp/tally), or run as another user")
    }

    /// Makes the account the owner of a file or folder.
    func own(_ path: String) throws(EmbeddedError) {
        guard let owner else { return }
        guard chown(path, owner.user, owner.group) == 0 else {
            throw EmbeddedError(
                "can't make user postgres the owner of \(path): \(String(cString: strerror(errno)))"
            )
        }
    }

    private static func canEnter(_ folder: String, _ prefix: [String]) -> Bool {
        // Not `test -x`: access(2) ignores capabilities.
        ShortCommand.output(of: prefix + ["/bin/sh", "-c", "cd \"$1\"", "sh", folder]) != nil
    }
}

/// The first of the folders that holds an executable of this name, as a path.
func findExecutable(_ name: String, in folders: [String]) -> String? {
    folders.lazy.map { "\($0)/\(name)" }.first { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}

/// The folders of `PATH`.
func searchPath() -> [String] {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        .split(separator: ":").map(String.init)
}

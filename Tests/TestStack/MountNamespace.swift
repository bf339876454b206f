import Foundation

/// What this process mounts is seen by it and its children alone, and ends with the last of them,
/// however they end.
public enum MountNamespace {
    private static let mark = "TALLY_FAULTS_MOUNTS"

    /// Whether this process may mount a disk: root may, but not in every container.
    public static let isPossible: Bool = {
        guard geteuid() == 0, access("/dev/loop-control", F_OK) == 0 else { return false }
        let trial = Process()
        trial.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        trial.arguments = [
            "--mount", "--propagation", "private", "/bin/mount", "-t", "tmpfs", "tmpfs", "/mnt",
        ]
        trial.standardError = FileHandle.nullDevice
        guard (try? trial.run()) != nil else { return false }
        trial.waitUntilExit()
        return trial.terminationStatus == 0
    }()

    /// Makes this process one of a namespace of its own: the program begins anew.
    /// - Throws: where it can't be begun.
    public static func enter() throws {
        guard getenv(mark) == nil else { return }
        setenv(mark, "private", 1)
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        let arguments =
            ["unshare", "--mount", "--propagation", "private", program]
            + CommandLine.arguments.dropFirst()
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        execv("/usr/bin/unshare", pointers)
        throw CocoaError(.executableNotLoadable)
    }
}

import Foundation

/// What this process mounts is seen by it and its children alone, and ends with the last of them,
/// however they end.
enum MountNamespace {
    private static let mark = "TALLY_FAULTS_MOUNTS"

    /// Whether this process may mount anything.
    static var isPossible: Bool { geteuid() == 0 }

    /// Makes this process one of a namespace of its own: the program begins anew.
    /// - Throws: where it can't be begun.
    static func enter() throws {
        guard getenv(mark) == nil else { return }
        setenv(mark, "private", 1)
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        let words =
            ["unshare", "--mount", "--propagation", "private", program]
            + CommandLine.arguments.dropFirst()
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        pointers.append(nil)
        execv("/usr/bin/unshare", pointers)
        throw CocoaError(.executableNotLoadable)
    }
}

import Foundation

/// Runs a program that prints something and ends at once. Blocks.
///
/// Not Foundation's `Process`: it detects the end by a socket that survives exec, so a server
/// started at the same time inherits it, and the end is never detected.
enum ShortCommand {
    /// Runs a program by its absolute path; returns its output, `nil` where it failed.
    static func output(of arguments: [String]) -> String? {
        var ends: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(type), 0, &ends) == 0 else { return nil }
        defer { close(ends[0]) }
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(nothing) }
        let child = try? spawn(
            arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], input: nothing,
            output: ends[1])
        close(ends[1])
        guard let child else { return nil }
        let output = text(from: ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            guard errno == EINTR else { return nil }
        }
        return status == 0 ? output : nil
    }

    private static func text(from descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &part, part.count)
            if count > 0 { bytes += part[..<count] }
            if count == 0 || count < 0 && errno != EINTR { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

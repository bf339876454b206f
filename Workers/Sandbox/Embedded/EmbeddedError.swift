/// Why a sandbox server didn't start: what happened, the last lines of its log, what to do.
public struct EmbeddedError: Error, Sendable, CustomStringConvertible {
    /// What happened, and what to do.
    public var reason: String
    /// The last lines of the server's log; may be empty.
    public var logTail: [String]

    init(_ reason: String, logTail: [String] = []) {
        self.reason = reason
        self.logTail = logTail
    }

    /// The reason, then the log's lines.
    public var description: String {
        guard !logTail.isEmpty else { return reason }
        return reason + "\nIts log ends:\n" + logTail.map { "  \($0)" }.joined(separator: "\n")
    }
}

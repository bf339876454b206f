/// Why a report wasn't written; its file is as it was.
public enum ReportError: Error, CustomStringConvertible {
    /// The file can't be written: the path and the system's reason.
    case file(String, reason: String)
    /// The report has no table of this name.
    case noTable(String, known: [String])

    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path) can't be written: \(reason)"
        case .noTable(let name, let known):
            "the report has no table '\(name)'; it has \(known.joined(separator: ", "))"
        }
    }
}

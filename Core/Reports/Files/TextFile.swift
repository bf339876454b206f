import Glibc

/// A file that text is appended to through a buffer.
final class TextFile {
    private let path: String
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 16

    /// Creates the file, or empties it.
    init(_ path: String) throws(ReportError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    func append(_ text: String) throws(ReportError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes what is buffered to the file.
    func flush() throws(ReportError) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw Self.failure(path) }
            rest = rest.dropFirst(max(0, count))
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String) -> ReportError {
        .file(path, reason: String(cString: strerror(errno)))
    }
}

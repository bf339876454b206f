import Foundation

/// The file of a child's output, kept open so that its end can be read even after it was deleted.
final class ChildLog: Sendable {
    let descriptor: Int32

    /// Opens or makes the file, readable by its owner alone.
    init(path: String) throws(EmbeddedError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EmbeddedError("can't write the log \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// The last lines, at most 8 KiB of them.
    func tail(lines: Int) -> [String] {
        let end = lseek(descriptor, 0, SEEK_END)
        let start = max(0, end - 8_192)
        var bytes = [UInt8](repeating: 0, count: Int(max(0, end - start)))
        let count = pread(descriptor, &bytes, bytes.count, start)
        guard count > 0 else { return [] }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(lines).map(String.init)
    }
}

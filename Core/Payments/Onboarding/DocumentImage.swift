/// The image of a document: JPEG or PNG, recognised by its first bytes, whatever its name says.
public struct DocumentImage: Sendable, Hashable {
    /// A format that the channel takes.
    public enum Format: String, Sendable, Hashable {
        case jpeg = "jpg"
        case png
    }

    /// At most this many bytes.
    public static let limit = 2 * 1024 * 1024

    /// The document.
    public let kind: DocumentKind
    /// The file's bytes.
    public let bytes: [UInt8]
    /// Its format.
    public let format: Format

    /// - Throws: `FieldProblem` for anything but a JPEG or PNG of at most ``limit`` bytes.
    public init(_ kind: DocumentKind, _ bytes: [UInt8]) throws(FieldProblem) {
        guard bytes.count <= Self.limit else {
            throw FieldProblem(.images, "the image \(kind.rawValue) has more than 2 MiB")
        }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            format = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            format = .png
        } else {
            throw FieldProblem(.images, "the image \(kind.rawValue) is neither JPEG nor PNG")
        }
        self.kind = kind
        self.bytes = bytes
    }
}

extension FieldProblem: Error, CustomStringConvertible {
    /// `field: reason`
    public var description: String { "\(field.rawValue): \(reason)" }
}

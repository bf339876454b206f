import CMinizip

/// A zip archive in memory, read and written by minizip.
///
/// Names are raw bytes: some exporters write them in GBK and leave the UTF-8 flag clear.
public struct ZipArchive: Sendable {
    /// A file in an archive.
    public struct Member: Sendable, Hashable {
        /// Its name, undecoded.
        public let name: [UInt8]
        /// Its unpacked size in bytes by the archive's list; not trusted.
        public let claimedSize: UInt64

        /// Its name as text: UTF-8 if it is that, else GBK.
        public var text: String {
            String(validating: name, as: UTF8.self) ?? (try? GBK.decode(name))
                ?? String(decoding: name, as: UTF8.self)
        }
    }

    /// Its files, in the archive's order.
    public let members: [Member]
    private let bytes: [UInt8]

    // A bill's archive has two files, a spreadsheet's about twelve.
    private static let memberLimit = 256
    private static let nameLimit = 1024

    /// Whether bytes begin as a zip does.
    public static func isZip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4b, 3, 4]) }

    /// Reads the list of an archive.
    /// - Throws: `ZipError` for bytes that are not an archive, or an archive of too many files.
    public init(_ bytes: [UInt8]) throws(ZipError) {
        self.bytes = bytes
        members = try Self.open(bytes) { file throws(ZipError) in
            var members: [Member] = []
            var status = unzGoToFirstFile(file)
            while status == UNZ_OK {
                guard members.count < Self.memberLimit else { throw .tooManyMembers }
                members.append(try Self.current(file))
                status = unzGoToNextFile(file)
            }
            guard status == UNZ_END_OF_LIST_OF_FILE else { throw .damaged }
            return members
        }
    }

    /// Unpacks a file.
    /// - Parameter limit: in bytes; a larger file is refused, whatever the archive's list says.
    public func extract(_ member: Member, limit: Int) throws(ZipError) -> [UInt8] {
        guard let index = members.firstIndex(of: member) else { throw .damaged }
        guard member.claimedSize <= UInt64(limit) else { throw .tooLarge(limit: limit) }
        return try Self.open(bytes) { file throws(ZipError) in
            var status = unzGoToFirstFile(file)
            for _ in 0..<index where status == UNZ_OK { status = unzGoToNextFile(file) }
            guard status == UNZ_OK, unzOpenCurrentFile(file) == UNZ_OK else { throw .damaged }
            do throws(ZipError) {
                let content = try Self.content(file, limit: limit)
                // Closing compares the checksum, but only of a file that was read to its end.
                guard content.count == member.claimedSize,
                    unzCloseCurrentFile(file) == UNZ_OK
                else { throw .damaged }
                return content
            } catch {
                unzCloseCurrentFile(file)
                throw error
            }
        }
    }

    private static func open<Result>(
        _ bytes: [UInt8], _ body: (unzFile) throws(ZipError) -> Result
    ) throws(ZipError) -> Result {
        try ZipMemory(bytes).withFile { functions throws(ZipError) in
            guard let file = unzOpen2_64("bill", functions) else { throw .damaged }
            defer { unzClose(file) }
            return try body(file)
        }
    }

    private static func current(_ file: unzFile) throws(ZipError) -> Member {
        var info = unz_file_info64()
        var name = [CChar](repeating: 0, count: nameLimit)
        let status = unzGetCurrentFileInfo64(
            file, &info, &name, UInt(nameLimit), nil, 0, nil, 0)
        let length = Int(clamping: info.size_filename)
        guard status == UNZ_OK, length <= nameLimit else { throw .damaged }
        return Member(
            name: name.prefix(length).map { UInt8(bitPattern: $0) },
            claimedSize: UInt64(info.uncompressed_size))
    }

    private static func content(_ file: unzFile, limit: Int) throws(ZipError) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unzReadCurrentFile(file, &chunk, UInt32(chunk.count))
            guard count >= 0 else { throw .damaged }
            if count == 0 { return content }
            guard content.count + Int(count) <= limit else { throw .tooLarge(limit: limit) }
            content.append(contentsOf: chunk.prefix(Int(count)))
        }
    }
}

/// Why an archive can't be used.
public enum ZipError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not an archive, or one that was cut or changed.
    case damaged
    /// More files than any bill has.
    case tooManyMembers
    /// A file that unpacks to more than the limit, in bytes.
    case tooLarge(limit: Int)
    /// The archive couldn't be made.
    case notWritten

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .damaged: "the zip archive is damaged or cut short; fetch it again"
        case .tooManyMembers: "the zip archive has more files than a bill has"
        case .tooLarge(let limit): "a file of the zip archive unpacks to over \(limit) bytes"
        case .notWritten: "the zip archive could not be written"
        }
    }
}

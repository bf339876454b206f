import CMinizip

/// Bytes that minizip reads or writes as a file. Used by one archive at a time, on one thread.
final class ZipMemory {
    var bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// Runs minizip on the bytes, which live for the call.
    func withFile<Result>(
        _ body: (UnsafeMutablePointer<zlib_filefunc64_def>) throws(ZipError) -> Result
    ) throws(ZipError) -> Result {
        var functions = Self.functions
        functions.opaque = Unmanaged.passUnretained(self).toOpaque()
        defer { withExtendedLifetime(self) {} }
        return try body(&functions)
    }

    // Every callback gets the memory back as both its opaque value and its stream.
    private static var functions: zlib_filefunc64_def {
        zlib_filefunc64_def(
            zopen64_file: { opaque, _, _ in opaque },
            zread_file: { opaque, _, buffer, count in
                ZipMemory.from(opaque)?.read(buffer, Int(clamping: count)) ?? 0
            },
            zwrite_file: { opaque, _, buffer, count in
                ZipMemory.from(opaque)?.write(buffer, Int(clamping: count)) ?? 0
            },
            ztell64_file: { opaque, _ in
                ZPOS64_T(ZipMemory.from(opaque)?.position ?? 0)
            },
            zseek64_file: { opaque, _, offset, origin in
                ZipMemory.from(opaque)?.seek(Int(clamping: offset), origin) ?? -1
            },
            zclose_file: { _, _ in 0 },
            zerror_file: { _, _ in 0 },
            opaque: nil)
    }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> ZipMemory? {
        opaque.map { Unmanaged<ZipMemory>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(_ buffer: UnsafeMutableRawPointer?, _ count: Int) -> UInt {
        guard let buffer else { return 0 }
        let taken = min(count, bytes.count - position)
        bytes.withUnsafeBytes { source in
            let target = UnsafeMutableRawBufferPointer(start: buffer, count: taken)
            target.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[position...].prefix(taken)))
        }
        position += taken
        return UInt(taken)
    }

    private func write(_ buffer: UnsafeRawPointer?, _ count: Int) -> UInt {
        let source = UnsafeRawBufferPointer(start: buffer, count: buffer == nil ? 0 : count)
        // minizip seeks back to fill in sizes.
        let end = min(position + source.count, bytes.count)
        bytes.replaceSubrange(position..<end, with: source)
        position += source.count
        return UInt(source.count)
    }

    private func seek(_ offset: Int, _ origin: Int32) -> Int {
        let start =
            switch origin {
            case ZLIB_FILEFUNC_SEEK_CUR: position
            case ZLIB_FILEFUNC_SEEK_END: bytes.count
            default: 0
            }
        let (target, overflow) = start.addingReportingOverflow(offset)
        guard !overflow, (0...bytes.count).contains(target) else { return -1 }
        position = target
        return 0
    }
}

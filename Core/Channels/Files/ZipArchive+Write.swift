import CMinizip
public import Payments

extension ZipArchive {
    /// An archive of some files, deflated; the same input makes the same bytes.
    /// - Parameters:
    ///   - files: names as raw bytes, written unchanged with the UTF-8 flag clear.
    ///   - modifiedAt: the files' time, written in Beijing time with a resolution of 2 s.
    public static func make(
        _ files: [(name: [UInt8], content: [UInt8])], modifiedAt: Timestamp
    ) throws(ZipError) -> [UInt8] {
        let memory = ZipMemory()
        try memory.withFile { functions throws(ZipError) in
            guard
                let file = zipOpen2_64("bill", APPEND_STATUS_CREATE, nil, functions)
            else { throw .notWritten }
            var isWhole = true
            for (name, content) in files where isWhole {
                isWhole = add(name, content, modifiedAt, to: file)
            }
            guard zipClose(file, nil) == ZIP_OK, isWhole else { throw .notWritten }
        }
        return memory.bytes
    }

    private static func add(
        _ name: [UInt8], _ content: [UInt8], _ time: Timestamp, to file: zipFile
    ) -> Bool {
        var info = zip_fileinfo()
        info.tmz_date = date(time)
        let status = (name + [0]).withUnsafeBytes { name in
            zipOpenNewFileInZip64(
                file, name.baseAddress?.assumingMemoryBound(to: CChar.self), &info, nil, 0, nil,
                0, nil, Z_DEFLATED, Z_DEFAULT_COMPRESSION, 1)
        }
        guard status == ZIP_OK else { return false }
        let isWritten = content.withUnsafeBytes { content in
            zipWriteInFileInZip(file, content.baseAddress, UInt32(clamping: content.count))
                == ZIP_OK
        }
        return zipCloseFileInZip(file) == ZIP_OK && isWritten
            && content.count <= Int(UInt32.max)
    }

    private static func date(_ time: Timestamp) -> tm_zip {
        // "2026-11-21 05:46:49"
        let numbers = time.shanghai.split { !$0.isNumber }.compactMap { UInt32($0) }
        guard numbers.count == 6, let year = numbers.first, (1980...2107).contains(year) else {
            return tm_zip(
                tm_sec: 0, tm_min: 0, tm_hour: 0, tm_mday: 1, tm_mon: 0, tm_year: 1980)
        }
        return tm_zip(
            tm_sec: numbers[5], tm_min: numbers[4], tm_hour: numbers[3], tm_mday: numbers[2],
            tm_mon: numbers[1] - 1, tm_year: year)
    }
}

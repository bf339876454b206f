/// The file of a multipart/form-data body (RFC 7578).
enum MultipartFile {
    /// The bytes of the part of a name; `nil` where there is none, or the body isn't whole.
    static func bytes(of name: String, in body: [UInt8], contentType: String) -> [UInt8]? {
        guard let boundary = contentType.split(separator: "boundary=").dropFirst().first else {
            return nil
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter has no line before it.
        let parts = ([13, 10] + body).split(separator: delimiter, omittingEmptySubsequences: false)
        guard parts.count > 2, parts.last?.starts(with: Array("--".utf8)) == true else {
            return nil
        }
        for part in parts.dropFirst().dropLast() {
            let halves = part.split(
                separator: Array("\r\n\r\n".utf8), maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return nil }
            if String(decoding: halves[0], as: UTF8.self).contains("name=\"\(name)\"") {
                return Array(halves[1])
            }
        }
        return nil
    }
}

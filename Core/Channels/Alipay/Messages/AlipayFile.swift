import Payments

/// A file of a request: multipart/form-data (RFC 7578), which the signature excludes.
struct AlipayFile: Sendable {
    let name: String
    let fileName: String
    let bytes: [UInt8]

    init(_ image: DocumentImage) {
        name = "image_content"
        fileName = "\(image.kind.rawValue).\(image.format.rawValue)"
        bytes = image.bytes
    }

    /// The body, and its content type.
    func body() -> (contentType: String, bytes: [UInt8]) {
        // Random, so that no file can contain it on purpose.
        let boundary =
            "tally"
            + (0..<4).map { _ in String(UInt32.random(in: .min ... .max)) }
            .joined()
        let head = """
            --\(boundary)\r
            Content-Disposition: form-data; name="\(name)"; filename="\(fileName)"\r
            Content-Type: application/octet-stream\r
            \r\n
            """
        return (
            "multipart/form-data; boundary=\(boundary)",
            Array(head.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        )
    }
}

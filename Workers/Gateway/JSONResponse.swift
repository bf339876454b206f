import Foundation
import Hummingbird

/// The body of a request that succeeded: JSON, names in snake_case, absent fields left out.
struct JSONResponse: Sendable {
    /// The HTTP status.
    let status: Int
    /// UTF-8, keys sorted.
    let body: [UInt8]

    init(_ status: Int, _ value: some Encodable) throws {
        self.status = status
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.body = Array(try encoder.encode(value))
    }

    var response: Response {
        Response(
            status: .init(code: status),
            headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

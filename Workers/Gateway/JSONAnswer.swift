import Foundation
import Hummingbird

/// An answer that says yes: JSON, names in snake_case, absent members left out.
struct JSONAnswer: Sendable {
    let status: Int
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

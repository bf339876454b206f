import Hummingbird
import NIOCore

/// A request's body, bounded.
enum RequestBody {
    /// In bytes.
    static let limit = 65_536

    static func bytes(of request: Request) async throws -> [UInt8] {
        var request = request
        do {
            let buffer = try await request.collectBody(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw Problem.bodyTooLarge
        }
    }
}

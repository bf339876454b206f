import Hummingbird
import NIOCore

/// Reads a request's body, up to a limit.
enum RequestBody {
    /// The largest body, in bytes.
    static let limit = 65_536

    /// - Throws: `Problem.bodyTooLarge` beyond `limit`.
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

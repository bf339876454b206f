import Foundation
import Testing

/// The folder `Tests/Vectors`.
enum Vectors {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Vectors")

    static func key(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("keys/\(name).pem"), encoding: .utf8)
    }

    static func all() throws -> VectorFile {
        let data = try Data(contentsOf: folder.appendingPathComponent("vectors.json"))
        return try JSONDecoder().decode(VectorFile.self, from: data)
    }
}

/// The groups of `vectors.json` that the domain answers for.
struct VectorFile: Decodable {
    struct Fee: Decodable {
        let kind: String
        let amount_fen: Int64
        let rate_ppm: Int64?
        let min_fen: Int64?
        let max_fen: Int64?
        let fee_fen: Int64?
        let rates_ppm: [Int64]?
        let fees_fen: [Int64]?
        let shares_fen_top_is_nearest_merchant: [Int64]?
        let channel_cost_fen: Int64?
    }

    struct Request: Decodable {
        let name: String
        let charset: String
        let sign_type: String
        let string_to_sign: String
        let sign: String
    }

    let fees: [Fee]
    let requests: [Request]
}

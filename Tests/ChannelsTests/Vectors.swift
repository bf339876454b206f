import Foundation
import TestRandom
import Testing

/// The channel protocol's test vectors, made and checked by others' code.
struct Vectors: Decodable, Sendable {
    struct Request: Decodable, Sendable {
        let name: String
        let signType: String
        let params: [String: String]
        let stringToSign: String
        let sign: String
        let formBody: String
    }

    struct Response: Decodable, Sendable {
        let name: String
        let node: String
        let rawBody: String
        let signedSubstring: String?
        let valid: Bool

        /// The method of the node; any, where it is an error's.
        var method: String {
            node == "error_response"
                ? "alipay.trade.query"
                : String(node.dropLast("_response".count)).replacingOccurrences(of: "_", with: ".")
        }
    }

    struct Notification: Decodable, Sendable {
        let name: String
        let rule: String
        let stringToSign: String
        let formBody: String
        let valid: Bool
    }

    struct Negative: Decodable, Sendable {
        let name: String
        let params: [String: String]?
        let string: String?
        let sign: String?
    }

    struct Bills: Decodable, Sendable {
        let tradeZip: String
        let tradeRows: Int
        let refundRows: Int
        let tradeTotalFen: Int64
        let refundTotalFen: Int64
        let feeTotalFen: Int64
        let netFen: Int64
        let columns: [String]
        let summaryColumns: [String]
        let signcustomerInFen: Int64
        let signcustomerOutFen: Int64
        let emptyZip: String
        let billAccount: String
    }

    let requests: [Request]
    let responses: [Response]
    let notifications: [Notification]
    let negative: [Negative]
    let billExpectations: Bills

    static func load() throws -> Vectors {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            // Fields of `params` keep their names; only the vectors' own are converted.
            let key = path[path.count - 1]
            guard !path.dropLast().contains(where: { $0.stringValue == "params" }) else {
                return key
            }
            return Name(stringValue: camel(key.stringValue))
        }
        return try decoder.decode(Vectors.self, from: Data(try bytes("vectors.json")))
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors")
        return Array(try Data(contentsOf: folder.appending(path: path)))
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    private static func camel(_ name: String) -> String {
        let parts = name.split(separator: "_")
        return parts.dropFirst().reduce(parts.first.map(String.init) ?? "") { text, part in
            text + part.prefix(1).uppercased() + part.dropFirst()
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// Randomness that can be had again: `SEED` from the environment, else any.
struct SeededRandom: RandomNumberGenerator {
    let seed: UInt64
    private var generator: SplitMix64

    init() {
        seed = SplitMix64.seedFromEnvironment()
        generator = SplitMix64(seed: seed)
    }

    /// Goes with every expectation.
    var note: Comment { "SEED=\(seed)" }

    mutating func next() -> UInt64 { generator.next() }
}

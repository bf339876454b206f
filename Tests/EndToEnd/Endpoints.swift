import Foundation
import Payments
import Testing

/// `endpoints.json`, as an outside client reads it.
struct Endpoints: Decodable, Sendable {
    struct Key: Decodable, Sendable {
        let signType: SignType
        let keyVersion: Int64
        let secret: String?
        let privateKeyFile: String?

        func signing() throws -> SigningKey {
            if let secret { return try SigningKey(signType: signType, secret: secret) }
            let file = try #require(privateKeyFile)
            return try SigningKey(privatePEM: String(contentsOfFile: file, encoding: .utf8))
        }
    }

    struct Agent: Decodable, Sendable {
        let agentNo: String
        let keys: [Key]
    }

    struct Merchant: Decodable, Sendable {
        let merchantNo: String
        /// From the top down.
        let agentNos: [String]
        let products: [String]
        let keys: [Key]
    }

    struct Alipay: Decodable, Sendable {
        let appId: String
        let sellerId: String
        let gatewayUrl: String
        let appPrivateKeyFile: String
        let appPublicKeyFile: String
        let alipayPrivateKeyFile: String
        let alipayPublicKeyFile: String
    }

    let gateway: String
    let simulator: String
    let databaseUrl: String
    let kafkaBrokers: String
    let masterKeyFile: String
    let bankUrl: String
    let alipay: Alipay
    let agents: [Agent]
    let merchants: [Merchant]

    static func read(_ file: String) throws -> Endpoints {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Endpoints.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }

    /// The environment of an operator's command on this stack.
    func settings() throws -> [String: String] {
        [
            "TALLY_DATABASE_URL": databaseUrl, "TALLY_KAFKA_BROKERS": kafkaBrokers,
            "TALLY_MASTER_KEY": try String(contentsOfFile: masterKeyFile, encoding: .utf8),
        ]
    }
}

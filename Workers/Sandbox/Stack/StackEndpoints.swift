import Composition
import Foundation

/// What an outside client reads of `endpoints.json` to place an order.
struct StackEndpoints: Decodable, Sendable {
    struct Merchant: Decodable, Sendable {
        let merchantNo: String
        let requiresAgentSignatures: Bool
        let keys: [Key]
    }

    struct Key: Decodable, Sendable {
        let signType: String
        let keyVersion: Int
        let secret: String?
    }

    let gateway: String
    let merchants: [Merchant]

    /// - Throws: `SettingError` where no stack is up in the folder.
    static func read(folder: String) throws -> StackEndpoints {
        let file = URL(fileURLWithPath: folder + "/endpoints.json").standardizedFileURL
        guard let data = try? Data(contentsOf: file) else {
            throw SettingError(
                description: "\(file.path) doesn't exist: no stack is up in this folder. Start one "
                    + "with tally up --data \(folder)")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(StackEndpoints.self, from: data)
    }

    /// A merchant with a key that needs no agents' signatures.
    func signer(_ merchantNo: String?) throws -> (merchantNo: String, key: Key, secret: String) {
        for merchant in merchants
        where !merchant.requiresAgentSignatures
            && (merchantNo == nil || merchant.merchantNo == merchantNo)
        {
            for key in merchant.keys {
                if let secret = key.secret { return (merchant.merchantNo, key, secret) }
            }
        }
        throw SettingError(
            description: "\(merchantNo ?? "no merchant") can't sign a sample order: choose a "
                + "merchant with a shared secret whose orders need no agents' signatures")
    }
}

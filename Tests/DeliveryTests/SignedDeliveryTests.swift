import Events
import Foundation
import Payments
import Testing

@testable import Delivery
@testable import Store

@Suite struct SignedDeliveryTests {
    private let now = Timestamp(microseconds: 1_795_140_930_000_000)
    private let fields = RequestFields([
        "event": .text("order.paid"), "order_no": .text("T1"), "amount_fen": .integer(9_850),
        "subject": .text("茶 & 咖啡=1"), "late": .flag(true),
    ])

    private func key(_ signType: SignType, _ version: Int, _ secret: String) throws -> Directory.Key
    {
        Directory.Key(
            signType: signType, version: version,
            key: try SigningKey(signType: signType, secret: secret))
    }

    private func body(_ key: Directory.Key) throws -> [String: Any] {
        let bytes = try SignedDelivery.body(fields, key: key, at: now)
        let object = try JSONSerialization.jsonObject(with: Data(bytes))
        return try #require(object as? [String: Any])
    }

    /// Built from the contract's words: sorted `name=value`, joined with `&`, without `sign`.
    private func stringToSign(_ body: [String: Any]) -> String {
        body.filter { $0.key != "sign" }.map { name, value in
            switch value {
            case let text as String: "\(name)=\(text)"
            default: name == "late" ? "late=true" : "\(name)=\(value)"
            }
        }.sorted().joined(separator: "&")
    }

    @Test(arguments: [SignType.md5, .hmacSHA256])
    func theReceiverVerifiesItWithItsOwnKey(signType: SignType) throws {
        let key = try key(signType, 4, "receiver-secret")
        let body = try body(key)
        #expect(body["sign_type"] as? String == signType.rawValue)
        #expect(body["key_version"] as? Int == 4)
        let sign = try #require(body["sign"] as? String)
        #expect(key.key.verify(sign, over: stringToSign(body)))
        let other = try self.key(signType, 4, "another-secret")
        #expect(!other.key.verify(sign, over: stringToSign(body)))
    }

    @Test func everyFieldOfTheChangeIsSent() throws {
        let body = try body(try key(.md5, 1, "s"))
        #expect(body["event"] as? String == "order.paid")
        #expect(body["order_no"] as? String == "T1")
        #expect(body["amount_fen"] as? Int == 9_850)
        #expect(body["subject"] as? String == "茶 & 咖啡=1")
        #expect(body["timestamp"] as? String == now.rfc3339)
    }

    @Test func eachAttemptHasANonceOfItsOwn() throws {
        let key = try key(.md5, 1, "s")
        let first = try body(key)["nonce"] as? String
        #expect(first?.isEmpty == false)
        #expect(try body(key)["nonce"] as? String != first)
    }

    // MARK: Which key

    private func entry(_ keys: [Directory.Key]) -> Directory.Entry {
        Directory.Entry(
            partyNo: "A1", isMerchant: false, isActive: true, callbackURL: nil,
            requiresAgentSignatures: false, agentNos: [], platformNo: "P0", rates: [:],
            keys: keys)
    }

    @Test func theNewestSharedSecretSigns() throws {
        let keys = [
            try key(.hmacSHA256, 1, "old"), try key(.md5, 3, "newest"),
            try key(.hmacSHA256, 2, "newer"),
        ]
        #expect(entry(keys).deliveryKey?.version == 3)
        #expect(entry(Array(keys.reversed())).deliveryKey?.version == 3)
        #expect(entry([keys[0]]).deliveryKey?.version == 1)
        #expect(entry([]).deliveryKey?.version == nil)
    }

    @Test func aReceiversPublicKeyNeverSigns() throws {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        let pem = try String(
            contentsOf: folder.appendingPathComponent("Vectors/keys/app_public.pem"),
            encoding: .utf8)
        let rsa = Directory.Key(
            signType: .rsa2, version: 9, key: try SigningKey(publicPEM: pem))
        #expect(entry([rsa]).deliveryKey?.version == nil)
        #expect(entry([rsa, try key(.md5, 1, "s")]).deliveryKey?.version == 1)
        #expect(throws: SigningError.self) {
            try SignedDelivery.body(fields, key: rsa, at: now)
        }
    }
}

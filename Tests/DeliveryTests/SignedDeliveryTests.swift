import Events
import Foundation
import Payments
import Testing

@testable import Delivery
@testable import Store

@Suite struct SignedDeliveryTests {
    private let now = Timestamp(microseconds: 1_795_140_930_000_000)
    private let fields: [String: RequestScalar] = [
        "event": .text("order.paid"), "order_no": .text("T1"), "amount_fen": .integer(9_850),
        "subject": .text("茶 & 咖啡=1"), "late": .flag(true),
    ]

    private func key(_ signType: SignType, _ version: Int, _ secret: String) throws -> Directory.Key
    {
        Directory.Key(
            signType: signType, version: version,
            key: try SigningKey(signType: signType, secret: secret))
    }

    private func body(_ key: Directory.Key) throws -> [String: Any] {
        let bytes = try SignedDelivery.body(fields, key: DeliveryKey(key), at: now)
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

    // MARK: What of the order

    private func object(_ delivery: ClaimDeliveries.Row) throws -> [String: Any] {
        let message = try DeliveryMessage(delivery, key: DeliverySamples.key(), at: now)
        let object = try JSONSerialization.jsonObject(with: Data(message.body))
        return try #require(object as? [String: Any])
    }

    @Test func theBodyHasTheContractsFieldsAndNoOthers() throws {
        let body = try object(DeliverySamples.delivery(attach: "table 7"))
        #expect(
            Set(body.keys) == [
                "event_id", "event", "order_no", "merchant_no", "merchant_order_no", "product",
                "amount_fen", "refunded_fen", "status", "version", "paid_at", "channel_trade_no",
                "attach", "timestamp", "nonce", "sign_type", "key_version", "sign",
            ])
        #expect(body["event"] as? String == "order.paid")
        #expect(body["event_id"] as? String == "E1")
        #expect(body["amount_fen"] as? Int == 9_850)
        #expect(body["status"] as? String == "paid")
        #expect(body["version"] as? Int == 2)
        #expect(body["attach"] as? String == "table 7")
        #expect(body["paid_at"] as? String == DeliverySamples.now.rfc3339)
    }

    @Test func aLateAttemptSaysWhatTheOrderIsNow() throws {
        let body = try object(
            DeliverySamples.delivery(status: .refunded, refunded: 9_850, version: 4, isLate: true))
        #expect(body["event"] as? String == "order.paid")
        #expect(body["status"] as? String == "refunded")
        #expect(body["refunded_fen"] as? Int == 9_850)
        #expect(body["version"] as? Int == 4)
        #expect(body["late"] as? Bool == true)
    }

    @Test func aRefundsBodyNamesTheRefund() throws {
        let body = try object(
            DeliverySamples.delivery(
                status: .partiallyRefunded, refunded: 4_000,
                refund: .init(
                    refundNo: "R1", merchantRefundNo: "SHOP-R1", amount: Money(fen: 1_500))))
        #expect(body["refund_no"] as? String == "R1")
        #expect(body["merchant_refund_no"] as? String == "SHOP-R1")
        #expect(body["refund_fen"] as? Int == 1_500)
        #expect(body["refunded_fen"] as? Int == 4_000)
    }

    // MARK: Standard Webhooks

    /// Computed with another library: base64(HMAC-SHA256(secret, "id.timestamp.body")).
    @Test func theStandardSignatureIsOverIDTimestampAndBody() throws {
        let key = try SigningKey(signType: .hmacSHA256, secret: "tallyhouse-example-secret")
        let signature = StandardWebhooks.signature(
            of: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330", key: key)
        #expect(signature == "v1,JHEObL+/zbi1oAlI7SK+1A+7dmfRMiXA8NS0HJoCPng=")
    }

    @Test func onlyAnHMACKeyMakesAStandardSignature() throws {
        let key = try SigningKey(signType: .md5, secret: "s")
        #expect(StandardWebhooks.signature(of: [], id: "i", timestamp: "1", key: key) == nil)
    }

    // MARK: Which key

    private func entry(_ keys: [Directory.Key]) -> Directory.Entry {
        Directory.Entry(
            partyNo: "A1", isMerchant: false, isActive: true, callbackURL: nil,
            requiresAgentSignatures: false, agentNos: [], platformNo: "P0", rates: [:],
            keys: keys)
    }

    private func unused(
        _ signType: SignType, _ version: Int, _ secret: String = "s"
    ) throws -> Directory.Key {
        var key = try key(signType, version, secret)
        key.isUsed = false
        return key
    }

    @Test func theNewestKeyThatTheReceiverHasUsedSigns() throws {
        let keys = [
            try key(.hmacSHA256, 1, "old"), try key(.hmacSHA256, 2, "new"),
            try unused(.hmacSHA256, 3),
        ]
        #expect(entry(keys).deliveryKey?.version == 2)
        #expect(entry(Array(keys.reversed())).deliveryKey?.version == 2)
        #expect(entry([]).deliveryKey?.version == nil)
    }

    @Test func aKeyThatTheReceiverHasNotUsedYetSignsOnlyWhereItIsTheOldest() throws {
        #expect(
            try entry([key(.hmacSHA256, 1, "old"), unused(.hmacSHA256, 2)]).deliveryKey?.version
                == 1)
        #expect(
            try entry([unused(.hmacSHA256, 5), unused(.hmacSHA256, 4)]).deliveryKey?.version == 4)
        #expect(try entry([unused(.md5, 7)]).deliveryKey?.version == 7)
    }

    @Test func hmacComesBeforeMD5() throws {
        let both = entry([try key(.md5, 3, "m"), try key(.hmacSHA256, 1, "h")])
        #expect(both.deliveryKey?.signType == .hmacSHA256)
        #expect(
            try entry([unused(.md5, 1), unused(.hmacSHA256, 2)]).deliveryKey?.signType
                == .hmacSHA256)
        // Until the receiver has used the HMAC key, it may not have it.
        #expect(
            try entry([key(.md5, 1, "m"), unused(.hmacSHA256, 2)]).deliveryKey?.signType == .md5)
    }

    @Test func aReceiversPublicKeyNeverSigns() throws {
        let rsa = Directory.Key(
            signType: .rsa2, version: 9,
            key: try SigningKey(publicPEM: try pem("app_public.pem")))
        #expect(entry([rsa]).deliveryKey?.version == nil)
        #expect(entry([rsa, try key(.md5, 1, "s")]).deliveryKey?.version == 1)
        #expect(throws: SigningError.self) {
            try SignedDelivery.body(fields, key: DeliveryKey(rsa), at: now)
        }
    }

    @Test func thePlatformsKeySignsForAReceiverThatVerifiesWithItsPublicHalf() throws {
        let key = DeliveryKey(
            PlatformKeys.Signing(
                version: 2, key: try SigningKey(privatePEM: try pem("app_private_pkcs8.pem"))))
        let bytes = try SignedDelivery.body(fields, key: key, at: now)
        let object = try JSONSerialization.jsonObject(with: Data(bytes))
        let body = try #require(object as? [String: Any])
        #expect(body["sign_type"] as? String == "RSA2")
        #expect(body["key_version"] as? Int == 2)
        let sign = try #require(body["sign"] as? String)
        let published = try SigningKey(publicPEM: try pem("app_public.pem"))
        #expect(published.verify(sign, over: stringToSign(body)))
    }

    private func pem(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: folder.appendingPathComponent("Vectors/keys/\(name)"), encoding: .utf8)
    }
}

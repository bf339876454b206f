import Foundation
import Payments

@testable import Store

/// The parties of these tests: the platform P0, the agents A1 over A2, and the merchant M1 of A2.
struct TestParties {
    static let md5 = "merchant-md5-secret"
    static let hmac = "merchant-hmac-secret"

    /// The directory's version.
    var version: Int64 = 1
    /// Each party's live keys.
    var keys: [String: [Directory.Key]]
    /// Each party's rate in ppm, for every product in `products`.
    var rates: [String: Int64] = ["P0": 2_000, "A1": 3_000, "A2": 4_000, "M1": 6_000]
    /// What each rate is for, and since when.
    var products: [Product: Timestamp] = [.pc: Timestamp(microseconds: 0)]
    /// Whether M1 and everyone above it is active.
    var isMerchantActive = true
    /// Whether M1's orders must carry its agents' signatures.
    var requiresAgentSignatures = false

    init() throws {
        keys = [
            "M1": [
                try Self.key(.md5, 1, secret: Self.md5),
                try Self.key(.hmacSHA256, 2, secret: Self.hmac),
                Directory.Key(
                    signType: .rsa2, version: 3,
                    key: try SigningKey(publicPEM: Self.pem("app_public"))),
            ],
            "A1": [try Self.key(.md5, 1, secret: "a1-secret")],
            "A2": [try Self.key(.hmacSHA256, 1, secret: "a2-secret")],
        ]
    }

    static func key(_ signType: SignType, _ version: Int, secret: String) throws -> Directory.Key {
        Directory.Key(
            signType: signType, version: version,
            key: try SigningKey(signType: signType, secret: secret))
    }

    /// A key of `Tests/Vectors/keys`.
    static func pem(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: folder.appendingPathComponent("Vectors/keys/\(name).pem"), encoding: .utf8)
    }

    func snapshot() throws -> Directory.Snapshot {
        let merchant = try entry("M1", isMerchant: true, agentNos: ["A2", "A1"])
        return Directory.Snapshot(
            version: version,
            entries: [
                "M1": merchant,
                "A1": try entry("A1", isMerchant: false, agentNos: []),
                "A2": try entry("A2", isMerchant: false, agentNos: ["A1"]),
            ])
    }

    private func entry(
        _ partyNo: String, isMerchant: Bool, agentNos: [String]
    ) throws -> Directory.Entry {
        var table: [String: [String: [(from: Timestamp, rate: Rate)]]] = [:]
        for (partyNo, ppm) in rates {
            for (product, from) in products {
                table[partyNo, default: [:]][product.rawValue] = [(from, try Rate(ppm: ppm))]
            }
        }
        return Directory.Entry(
            partyNo: partyNo, isMerchant: isMerchant,
            isActive: isMerchant ? isMerchantActive : true,
            callbackURL: nil, requiresAgentSignatures: isMerchant && requiresAgentSignatures,
            agentNos: agentNos, platformNo: "P0", rates: table, keys: keys[partyNo] ?? [])
    }
}

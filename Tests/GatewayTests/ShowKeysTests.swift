import Foundation
import Hummingbird
import Payments
import Synchronization
import Testing
import WorkerRuntime

@testable import Gateway
@testable import Store

/// `GET /v1/keys`.
@Suite struct ShowKeysTests {
    private func row(_ version: Int32, until: Timestamp?) -> PlatformKeyRows.Row {
        PlatformKeyRows.Row(
            version: version, privateKeySealed: Array("sealed-\(version)".utf8),
            publicKeyPEM: "-----BEGIN PUBLIC KEY-----", validFrom: TestGateway.now,
            validUntil: until)
    }

    @Test func thePublicHalvesAreShownWithTheirTimesAndNothingElse() async throws {
        let keys = ShowKeys {
            [row(1, until: TestGateway.now.adding(seconds: 60)), row(2, until: nil)]
        }
        let response = try await keys.respond()
        #expect(response.status == .ok)
        #expect(response.headers[.cacheControl] == "public, max-age=300")
        let text = try await response.text()
        #expect(!text.contains("sealed"))
        let body = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let shown = try #require(body?["keys"] as? [[String: Any]])
        #expect(shown.map { $0["key_version"] as? Int } == [1, 2])
        #expect(
            Set(shown[0].keys) == ["sign_type", "key_version", "public_key", "from", "until"])
        #expect(shown[1]["until"] == nil)
        #expect(shown[0]["sign_type"] as? String == "RSA2")
    }

    @Test func aThousandRequestsReadTheKeysOnce() async throws {
        let reads = Mutex(0)
        let keys = ShowKeys {
            reads.withLock { $0 += 1 }
            return []
        }
        for _ in 0..<1_000 { _ = try await keys.respond() }
        #expect(reads.withLock { $0 } == 1)
    }
}

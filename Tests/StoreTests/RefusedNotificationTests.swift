import Payments
import Postgres
import Testing

@testable import Store

/// The sample of refused notifications: bounded in rows and bytes, whoever sends them.
@Suite(.timeLimit(.minutes(2))) struct RefusedNotificationTests {
    private func sample(
        _ reason: String, _ index: Int, body: [UInt8] = [1], detail: String = "d"
    ) -> RefusedNotification {
        RefusedNotification(
            reason: reason, channel: "test", receivedAt: Shop.noon.adding(seconds: Int64(index)),
            remoteIP: "203.0.113.9", orderNo: "T\(index)", detail: detail, count: 2,
            bodyStart: body, bodyBytes: Int32(body.count))
    }

    @Test func theNewestTwentyOfEachReasonAreKept() async throws {
        let shop = try await Shop.open()
        for index in 0..<50 {
            _ = try await shop.connection.run(
                PutRefusedNotifications([sample("bad_signature", index), sample("unsigned", index)])
            )
        }
        let all = try await shop.connection.run(RefusedNotificationSamples(limit: 1_000))
        #expect(all.count == 40)
        let forged = all.filter { $0.reason == "bad_signature" }
        #expect(forged.compactMap(\.orderNo) == (30..<50).reversed().map { "T\($0)" })
        #expect(forged.allSatisfy { $0.count == 2 && $0.remoteIP == "203.0.113.9" })
        let some = try await shop.connection.run(
            RefusedNotificationSamples(reason: "unsigned", limit: 3))
        #expect(some.map(\.orderNo) == ["T49", "T48", "T47"])
    }

    @Test func whatIsTooLongOrUnprintableIsCutAndNotRefused() async throws {
        let shop = try await Shop.open()
        let long = RefusedNotification(
            reason: String(repeating: "r", count: 100), channel: "test", receivedAt: Shop.noon,
            remoteIP: String(repeating: "1", count: 100), orderNo: "a\u{0}b",
            detail: "a\u{0}b\n" + String(repeating: "d", count: 1_000), count: 1,
            bodyStart: [UInt8](repeating: 0, count: 9_000), bodyBytes: 9_000)
        _ = try await shop.connection.run(PutRefusedNotifications([long]))
        let stored = try #require(
            try await shop.connection.run(RefusedNotificationSamples(limit: 1)).first)
        #expect(stored == long)
        #expect(stored.bodyStart.count == 4_096)
        #expect(stored.bodyBytes == 9_000)
        #expect(stored.orderNo == nil)
        #expect(stored.detail.hasPrefix("a\u{FFFD}b\u{FFFD}d"))
        #expect(stored.detail.count == 512)
    }
}

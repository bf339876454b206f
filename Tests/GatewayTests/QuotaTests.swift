import Synchronization
import Testing
import WorkerRuntime

@testable import Gateway

/// What one address and one party may take; time is set.
@Suite struct QuotaTests {
    private final class Watch: Sendable {
        private let state = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { state.withLock { $0 } }
        func advance(_ duration: Duration) { state.withLock { $0 += duration } }
    }

    private let watch = Watch()

    @Test func aBucketHasTwiceItsRateAndFillsWithTime() {
        let buckets = TokenBuckets<String>(perSecond: 10)
        func take(_ count: Int) -> Int {
            (0..<count).count { _ in buckets.take("a", at: watch.now) }
        }
        #expect(take(100) == 20)
        watch.advance(.milliseconds(500))
        #expect(take(100) == 5)
        watch.advance(.seconds(3_600))
        #expect(take(100) == 20)
        // Another key has its own.
        #expect(buckets.take("b", at: watch.now))
    }

    @Test func noRateIsNoLimit() {
        let buckets = TokenBuckets<String>(perSecond: 0)
        #expect((0..<10_000).allSatisfy { _ in buckets.take("a", at: watch.now) })
    }

    @Test func moreKeysThanAreRememberedShareOneBucket() {
        let buckets = TokenBuckets<Int>(perSecond: 1, capacity: 100)
        #expect((0..<100).allSatisfy { buckets.take($0, at: watch.now) })
        #expect((100..<1_100).count { buckets.take($0, at: watch.now) } == 2)
        // Those that are full again give their room to others.
        watch.advance(.seconds(2))
        #expect((2_000..<2_100).allSatisfy { buckets.take($0, at: watch.now) })
    }

    @Test func anAddressIsRefusedBeyondItsQuotaAndANetworkOfIPv6IsOne() throws {
        let metrics = MetricsRegistry()
        let quotas = TestGateway.quotas(
            GatewayLimits(addressPerSecond: 1), metrics: metrics
        ) { [watch] in watch.now }
        try quotas.admit(address: "203.0.113.9")
        try quotas.admit(address: "203.0.113.9")
        #expect(throws: Problem.self) { try quotas.admit(address: "203.0.113.9") }
        // The same address, mapped into IPv6.
        #expect(throws: Problem.self) { try quotas.admit(address: "::ffff:203.0.113.9") }
        try quotas.admit(address: "203.0.113.10")
        try quotas.admit(address: "2001:db8::1")
        try quotas.admit(address: "2001:db8::2:3")
        #expect(throws: Problem.self) { try quotas.admit(address: "2001:db8::ffff:4") }
        try quotas.admit(address: "2001:db8:0:1::1")
        // A connection without an address, as of a test, isn't counted.
        for _ in 0..<10 { try quotas.admit(address: nil) }
        #expect(metrics.text().contains(#"tally_gateway_refused_total{limit="address"} 3"#))
    }

    @Test func aStrangerCannotUseUpAPartysQuota() throws {
        let quotas = TestGateway.quotas(GatewayLimits(partyPerSecond: 1)) { [watch] in watch.now }
        quotas.recordAccepted("M1", from: "203.0.113.9")
        for _ in 0..<10 { try? quotas.admit(quotas.caller("M1", at: "198.51.100.1")) }
        #expect(throws: Problem.self) { try quotas.admit(quotas.caller("M1", at: "198.51.100.1")) }
        try quotas.admit(quotas.caller("M1", at: "203.0.113.9"))
        // The party's other proven address has the same bucket.
        quotas.recordAccepted("M1", from: "203.0.113.8")
        try quotas.admit(quotas.caller("M1", at: "203.0.113.8"))
        #expect(throws: Problem.self) { try quotas.admit(quotas.caller("M1", at: "203.0.113.9")) }
        // A proof ends.
        watch.advance(.seconds(3_601))
        #expect(!quotas.caller("M1", at: "203.0.113.9").isProven)
    }

    // MARK: Addresses
}

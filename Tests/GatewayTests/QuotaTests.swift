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

    @Test(
        arguments: [
            (nil, [], nil), ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", [], "10.0.0.1"), ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", ["1.2.3.4", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", ["10.0.0.3,10.0.0.2"], "10.0.0.3"), ("10.0.0.1", ["nonsense"], "10.0.0.1"),
            ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"), ("::1", ["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ] as [(String?, [String], String?)])
    func onlyTrustedProxiesAreBelieved(peer: String?, forwarded: [String], client: String?) throws {
        let clients = ClientAddress(
            trustedProxies: try ["10.0.0.0/8", "::1"].map { try #require(AddressRange($0)) })
        #expect(clients.client(peer: peer, forwardedFor: forwarded) == client)
        let nobody = ClientAddress(trustedProxies: [])
        #expect(nobody.client(peer: peer, forwardedFor: forwarded) == peer)
    }

    @Test func aRangeIsAnAddressOrABlock() throws {
        let block = try #require(AddressRange("10.1.128.0/17"))
        for (text, isIn) in [
            ("10.1.128.0", true), ("10.1.255.255", true), ("10.1.127.255", false),
            ("10.2.128.0", false), ("::ffff:10.1.200.1", true), ("fd00::1", false),
        ] {
            #expect(block.contains(try #require(AddressBytes(text))) == isIn, "\(text)")
        }
        #expect(
            try #require(AddressRange("fd00::/8")).contains(try #require(AddressBytes("fdab::1"))))
        #expect(
            try #require(AddressRange("0.0.0.0/0")).contains(try #require(AddressBytes("9.9.9.9"))))
        for text in [
            "", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "host", "::/129", "/8",
        ] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }
}

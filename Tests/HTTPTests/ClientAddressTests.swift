import Testing

@testable import WorkerRuntime

/// From where a request came, also through proxies.
@Suite struct ClientAddressTests {
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

import NIOCore
import Testing

@testable import Delivery

@Suite struct ReceiverAddressTests {
    /// Loopback, link-local, private, shared, multicast and reserved networks: first and last
    /// address of each.
    private static let refused = [
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255",
        "100.64.0.0", "100.100.100.200", "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.1.2.3",
        "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254", "169.254.170.2",
        "169.254.255.255", "172.16.0.0", "172.16.0.1", "172.24.1.1", "172.31.255.255",
        "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.1",
        "192.168.0.0", "192.168.0.1", "192.168.255.255", "198.18.0.0", "198.19.255.255",
        "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0",
        "224.0.0.1", "239.255.255.255", "240.0.0.0", "250.1.2.3", "255.255.255.254",
        "255.255.255.255",
        "::", "::1", "::2", "::127.0.0.1", "::8.8.8.8", "100::1", "fc00::", "fc00::1", "fd00::1",
        "fd00:ec2::254", "fd20:ce::254", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff::1",
        "fe00::1", "fe80::", "fe80::1", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::1",
        "feff::1", "ff00::", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:172.16.0.1", "::ffff:192.168.1.1",
        "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::ffff:0.0.0.0", "::ffff:224.0.0.1",
        "::ffff:7f00:1", "::ffff:a9fe:a9fe", "::ffff:203.0.113.7", "::ffff:168.63.129.16",
        // NAT64, 6to4, Teredo and ORCHID: ways to IPv4, or no way at all; documentation.
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
        "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001::1", "2001:0:7f00:1::",
        "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1",
        "2001:db8:ffff::1", "3fff::1", "3fff:fff:ffff::1", "1fff::1", "4000::1", "5f00::1",
    ]

    /// Public addresses, among them the nearest neighbours of each network above.
    private static let allowed = [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255",
        "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
        "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
        "203.0.114.0", "223.255.255.255", "8.8.8.8", "203.119.25.1", "110.75.0.1",
        "2000::1", "2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "2001:4860:4860::8888",
        "2003::1", "2400:3200::1", "2606:4700::1111", "3ffe::1", "3fff:1000::1",
        "::ffff:8.8.8.8", "::ffff:172.32.0.1",
    ]

    /// The same addresses as a URL's host may write them; none needs a name server.
    private static let refusedURLs = [
        "http://127.0.0.1/", "http://127.0.0.1:8080/x", "https://127.0.0.1/", "http://127.1/",
        "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
        "http://017700000001/", "http://0/", "http://0.0.0.0/", "http://10.1/",
        "http://169.254.169.254/latest/meta-data", "http://2852039166/", "http://192.168.257/",
        "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
        "http://[fd00::1]:9200/", "http://[fe80::1]/", "http://localhost/",
        "http://localhost:5432/", "http://user:password@127.0.0.1/", "http://127.0.0.1#@8.8.8.8/",
        "http://0300.0250.0.1/", "http://0xc0.0xa8.0.1/", "http://3232235521/",
        "http://0251.0376.0251.0376/", "http://0xa9fea9fe/", "http://127.0.1/", "http://127.65535/",
        "http://[fe80::1%25lo]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/", "http://[2001::1]/", "http://[::ffff:0:127.0.0.1]/",
    ]

    private func address(_ text: String) throws -> ReceiverAddress {
        try #require(ReceiverAddress(try SocketAddress(ipAddress: text, port: 80)))
    }

    @Test func thereAreEnoughAddresses() {
        #expect(Set(Self.refused).count >= 80)
        #expect(Set(Self.refused).isDisjoint(with: Self.allowed))
    }

    @Test(arguments: refused) func aPrivateAddressIsRefused(text: String) throws {
        #expect(try !address(text).isPublic)
    }

    @Test(arguments: allowed) func aPublicAddressIsAllowed(text: String) throws {
        #expect(try address(text).isPublic)
    }

    @Test func aUnixSocketIsNoAddress() throws {
        #expect(ReceiverAddress(try SocketAddress(unixDomainSocketPath: "/tmp/s")) == nil)
    }

    @Test func anAddressCountsAsItselfAndAnIPv6NetworkAsOne() throws {
        #expect(try address("8.8.8.8").share != address("8.8.8.9").share)
        #expect(try address("::ffff:8.8.8.8").share == address("8.8.8.8").share)
        #expect(try address("2400:3200::1").share == address("2400:3200::2").share)
        #expect(try address("2400:3200::1").share != address("2400:3200:0:1::1").share)
    }

    // MARK: In a URL

    private func result(of url: String, allowsPrivate: Bool) async throws -> DeliveryResult {
        let sender = try DeliverySender(
            timeLimit: .seconds(20), allowsPrivateAddresses: allowsPrivate)
        let message = try DeliverySamples.message()
        return try await sender.post(message, to: url, of: "M1", receivers: Receivers())
    }

    @Test(arguments: refusedURLs)
    func aURLOfAPrivateAddressIsRefusedHoweverItIsWritten(url: String) async throws {
        let result = try await result(of: url, allowsPrivate: false)
        let error = try #require(result.error)
        #expect(
            error.contains("private network") || error.contains("can't be resolved")
                || error.contains("no host"), "\(error)")
    }

    @Test(arguments: ["", "not a url", "/relative", "mailto:a@b.example"])
    func whatHasNoHostIsRefusedEverywhere(url: String) async throws {
        for allowsPrivate in [false, true] {
            let result = try await result(of: url, allowsPrivate: allowsPrivate)
            #expect(result.error?.contains("no host") == true)
        }
    }

    @Test(arguments: ["ftp://8.8.8.8/", "file://8.8.8.8/", "ws://8.8.8.8/", "http://8.8.8.8:0/"])
    func onlyHTTPToAPortIsSent(url: String) async throws {
        let result = try await result(of: url, allowsPrivate: true)
        #expect(result.error?.contains("the callback URL") == true)
    }

    @Test func aHostThatCannotBeResolvedIsRefused() async throws {
        // Longer than a label may be: no name server is queried.
        let host = String(repeating: "a", count: 64) + ".invalid"
        let result = try await result(of: "http://\(host)/", allowsPrivate: false)
        #expect(result.error?.contains("can't be resolved") == true)
    }

    /// Each of the addresses that a name resolves to is one that a connection may be made to.
    @Test func aNameWithOnePrivateAddressAmongPublicOnesIsRefused() async throws {
        let addresses = try ["8.8.8.8", "10.0.0.1"].map {
            try SocketAddress(ipAddress: $0, port: 0)
        }
        for order in [addresses, addresses.reversed()] {
            let sender = try DeliverySender(
                timeLimit: .seconds(5), allowsPrivateAddresses: false,
                resolver: HostResolver { _ in order })
            let result = try await sender.post(
                try DeliverySamples.message(), to: "http://shop.example/", of: "M1",
                receivers: Receivers())
            #expect(result.error?.contains("private network") == true)
        }
    }
}

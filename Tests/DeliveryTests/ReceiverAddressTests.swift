import NIOCore
import Testing

@testable import Delivery

@Suite struct ReceiverAddressTests {
    /// Loopback, link-local, private, shared, multicast and reserved networks: first and last
    /// address of each.
    private static let refused = [
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255",
        "100.64.0.0", "100.100.100.200", "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.1.2.3",
        "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0",
        "172.16.0.1", "172.24.1.1", "172.31.255.255", "192.168.0.0", "192.168.0.1",
        "192.168.255.255", "224.0.0.0", "224.0.0.1", "239.255.255.255", "240.0.0.0",
        "250.1.2.3", "255.255.255.254", "255.255.255.255",
        "::", "::1", "fc00::", "fc00::1", "fd00::1", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fe80::", "fe80::1", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::", "ff02::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:172.16.0.1", "::ffff:192.168.1.1",
        "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::ffff:0.0.0.0", "::ffff:224.0.0.1",
        "::ffff:7f00:1", "::ffff:a9fe:a9fe",
    ]

    /// Public addresses, among them the nearest neighbours of each network above.
    private static let allowed = [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255", "8.8.8.8",
        "203.119.25.1", "110.75.0.1",
        "::2", "2001:4860:4860::8888", "2400:3200::1", "fbff::1", "fe00::1", "fec0::1",
        "feff::1", "::ffff:8.8.8.8", "::ffff:172.32.0.1",
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
    ]

    private func isPrivate(_ text: String) throws -> Bool {
        ReceiverAddress.isPrivate(try SocketAddress(ipAddress: text, port: 80))
    }

    @Test func thereAreEnoughAddresses() {
        #expect(Set(Self.refused + Self.refusedURLs).count >= 60)
        #expect(Set(Self.refused).isDisjoint(with: Self.allowed))
    }

    @Test(arguments: refused) func aPrivateAddressIsRefused(text: String) throws {
        #expect(try isPrivate(text))
    }

    @Test(arguments: allowed) func aPublicAddressIsAllowed(text: String) throws {
        #expect(try !isPrivate(text))
    }

    @Test func aUnixSocketIsRefused() throws {
        #expect(ReceiverAddress.isPrivate(try SocketAddress(unixDomainSocketPath: "/tmp/s")))
    }

    @Test(arguments: refusedURLs)
    func aURLOfAPrivateAddressIsRefusedHoweverItIsWritten(url: String) async {
        let refusal = await ReceiverAddress(allowsPrivate: false).refusal(of: url)
        #expect(refusal != nil)
    }

    @Test(arguments: ["http://8.8.8.8/", "https://8.8.8.8:8443/x", "http://[2400:3200::1]/"])
    func aURLOfAPublicAddressIsAllowed(url: String) async {
        #expect(await ReceiverAddress(allowsPrivate: false).refusal(of: url) == nil)
    }

    @Test(arguments: refusedURLs)
    func aSandboxAllowsPrivateAddresses(url: String) async {
        #expect(await ReceiverAddress(allowsPrivate: true).refusal(of: url) == nil)
    }

    @Test(arguments: ["", "not a url", "/relative", "mailto:a@b.example"])
    func whatHasNoHostIsRefusedEverywhere(url: String) async {
        for allowsPrivate in [false, true] {
            let refusal = await ReceiverAddress(allowsPrivate: allowsPrivate).refusal(of: url)
            #expect(refusal?.contains("no host") == true)
        }
    }

    @Test func aHostThatCannotBeResolvedIsRefused() async {
        // Longer than a label may be: no name server is queried.
        let host = String(repeating: "a", count: 64) + ".invalid"
        let refusal = await ReceiverAddress(allowsPrivate: false).refusal(of: "http://\(host)/")
        #expect(refusal?.contains("can't be resolved") == true)
    }
}

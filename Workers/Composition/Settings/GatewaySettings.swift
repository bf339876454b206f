package import Gateway
import WorkerRuntime

/// The settings of what one caller may take of the gateway.
package struct GatewaySettings: Sendable {
    /// The environment's names of the settings.
    static let names: Set<String> = [
        "TALLY_QUOTA_PARTY_PER_SECOND", "TALLY_QUOTA_ADDRESS_PER_SECOND",
        "TALLY_HTTP_CONNECTIONS", "TALLY_HTTP_CONNECTIONS_PER_ADDRESS", "TALLY_TRUSTED_PROXIES",
    ]

    /// The limits: the product's own where nothing is set.
    package let limits: GatewayLimits

    init(_ reader: SettingReader) {
        let own = GatewayLimits()
        func number(_ name: String, _ fallback: Int, from minimum: Int) -> Int {
            reader.number(name, default: fallback, in: minimum...1_000_000)
        }
        let proxies = reader.text("TALLY_TRUSTED_PROXIES") { text in
            Self.ranges(text).contains(nil)
                ? "must be IP addresses or blocks such as 10.0.0.0/8, separated by commas" : nil
        }
        limits = GatewayLimits(
            partyPerSecond: number("TALLY_QUOTA_PARTY_PER_SECOND", own.partyPerSecond, from: 0),
            addressPerSecond: number(
                "TALLY_QUOTA_ADDRESS_PER_SECOND", own.addressPerSecond, from: 0),
            connections: ConnectionLimits(
                connections: number(
                    "TALLY_HTTP_CONNECTIONS", own.connections.connections, from: 1),
                perAddress: number(
                    "TALLY_HTTP_CONNECTIONS_PER_ADDRESS", own.connections.perAddress, from: 1),
                trustedProxies: Self.ranges(proxies).compactMap { $0 }))
    }

    private static func ranges(_ text: String) -> [AddressRange?] {
        text.split(separator: ",").map { AddressRange(String($0.filter { $0 != " " })) }
    }
}

/// Finds the address that a request came from, also through proxies of ours.
public struct ClientAddress: Sendable {
    /// Proxies whose `X-Forwarded-For` is believed.
    let trustedProxies: [AddressRange]

    /// - Parameter trustedProxies: proxies whose `X-Forwarded-For` is believed.
    public init(trustedProxies: [AddressRange]) { self.trustedProxies = trustedProxies }

    /// - Parameters:
    ///   - peer: the address at the connection's other end.
    ///   - forwardedFor: the request's `X-Forwarded-For` fields, in order: each proxy appends the
    ///     address that it saw.
    /// - Returns: the last address that isn't a trusted proxy's. What stands before it could have
    ///   been written by anybody.
    public func client(peer: String?, forwardedFor: [String]) -> String? {
        guard isTrusted(peer) else { return peer }
        let seen = forwardedFor.flatMap { $0.split(separator: ",") }
            .map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }
        for address in seen.reversed() where !isTrusted(address) {
            // A proxy that writes something else than addresses isn't believed.
            return AddressBytes(address) == nil ? peer : address
        }
        return seen.first ?? peer
    }

    /// Whether an address is a proxy's of ours.
    func isTrusted(_ address: String?) -> Bool {
        guard let bytes = address.flatMap(AddressBytes.init) else { return false }
        return trustedProxies.contains { $0.contains(bytes) }
    }
}

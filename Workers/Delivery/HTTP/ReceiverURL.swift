import Foundation

/// A callback URL in the parts that a request needs.
struct ReceiverURL: Sendable, Equatable {
    /// Why a URL can't be posted to.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    let isTLS: Bool
    /// A name or an address, without brackets.
    let host: String
    let port: Int
    /// The request's target: path and query, percent-encoded.
    let target: String

    init(_ text: String) throws(Refusal) {
        guard let url = URL(string: text), let host = url.host, !host.isEmpty,
            let parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
        else { throw Refusal(description: "the callback URL has no host") }
        switch url.scheme?.lowercased() {
        case "http": isTLS = false
        case "https": isTLS = true
        default: throw Refusal(description: "the callback URL must begin with https or http")
        }
        self.host = host
        port = url.port ?? (isTLS ? 443 : 80)
        guard (1...65_535).contains(port) else {
            throw Refusal(description: "the callback URL has the port \(port)")
        }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
        // What is sent on the request's first line, and in Host.
        guard (target + host).utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Refusal(description: "the callback URL holds a character that isn't encoded")
        }
    }

    /// The Host header.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }
}

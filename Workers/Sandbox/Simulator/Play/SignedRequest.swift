import Events

/// A request with its signatures, ready to be sent.
struct SignedRequest {
    var members: [String: RequestScalar]
    let agents: [[String: RequestScalar]]

    func bytes() -> [UInt8] {
        RequestFields(members, agentSignatures: agents.map { RequestFields($0) }).json()
    }

    /// The same with a signature that is one character off.
    func corrupted() -> SignedRequest {
        var copy = self
        if case .text(let sign) = members["sign"], let first = sign.first {
            copy.members["sign"] = .text((first == "a" ? "b" : "a") + sign.dropFirst())
        }
        return copy
    }
}

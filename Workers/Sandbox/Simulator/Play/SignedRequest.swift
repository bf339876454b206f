import Events

/// A signed request.
struct SignedRequest {
    var fields: [String: RequestScalar]
    let agents: [[String: RequestScalar]]

    func bytes() -> [UInt8] {
        RequestFields(fields, agentSignatures: agents.map { RequestFields($0) }).json()
    }

    /// The same with a signature of which one character is wrong.
    func corrupted() -> SignedRequest {
        var copy = self
        if case .text(let sign) = fields["sign"], let first = sign.first {
            copy.fields["sign"] = .text((first == "a" ? "b" : "a") + sign.dropFirst())
        }
        return copy
    }
}

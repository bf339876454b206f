import Events

/// A request with its signatures, ready to be sent.
struct SignedRequest: Encodable {
    var members: [String: RequestScalar]
    let agents: [[String: RequestScalar]]

    private enum CodingKeys: String, CodingKey { case agents = "agent_signatures" }

    func encode(to encoder: any Encoder) throws {
        try RequestMembers(members).encode(to: encoder)
        guard !agents.isEmpty else { return }
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(agents.map { RequestMembers($0) }, forKey: .agents)
    }

    func bytes() throws -> [UInt8] { try EventCodec.encode(self) }

    /// The same with a signature that is one character off.
    func corrupted() -> SignedRequest {
        var copy = self
        if case .text(let sign) = members["sign"], let first = sign.first {
            copy.members["sign"] = .text((first == "a" ? "b" : "a") + sign.dropFirst())
        }
        return copy
    }
}

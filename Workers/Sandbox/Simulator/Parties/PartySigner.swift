import Payments

/// The parties' keys, read once: signs as a party, and verifies what is signed for a party.
public struct PartySigner: Sendable {
    private struct Slot: Hashable {
        let partyNo: String
        let version: Int
    }

    private let signing: [Slot: (SignType, SigningKey)]
    private let verifying: [Slot: (SignType, SigningKey)]

    /// Reads the keys of all parties.
    /// - Throws: where a key file can't be read or isn't a key.
    public init(parties: SampleParties, keys: SampleKeys) throws {
        var signing: [Slot: (SignType, SigningKey)] = [:]
        var verifying: [Slot: (SignType, SigningKey)] = [:]
        for party in parties.parties {
            for key in party.keys {
                let slot = Slot(partyNo: party.partyNo, version: key.keyVersion)
                if let secret = key.secret, let type = SignType(rawValue: key.signType) {
                    let made = try SigningKey(signType: type, secret: secret)
                    signing[slot] = (type, made)
                    verifying[slot] = (type, made)
                } else if let privateFile = key.privateKeyFile,
                    let publicFile = key.publicKeyFile
                {
                    signing[slot] = (
                        .rsa2, try SigningKey(privatePEM: keys.text(named: privateFile))
                    )
                    verifying[slot] = (
                        .rsa2, try SigningKey(publicPEM: keys.text(named: publicFile))
                    )
                }
            }
        }
        self.signing = signing
        self.verifying = verifying
    }

    /// Signs `text` as a party; `nil` where it has no such key.
    func sign(_ text: String, as partyNo: String, version: Int) throws -> String? {
        try signing[Slot(partyNo: partyNo, version: version)]?.1.sign(text)
    }

    /// The scheme of a party's key.
    func signType(of partyNo: String, version: Int) -> SignType? {
        signing[Slot(partyNo: partyNo, version: version)]?.0
    }

    /// Whether `signature` over `text` was made with the named key of the party.
    func verify(
        _ signature: String, over text: String, partyNo: String, signType: String, version: Int
    ) -> Bool {
        guard let (type, key) = verifying[Slot(partyNo: partyNo, version: version)],
            type.rawValue == signType
        else { return false }
        return key.verify(signature, over: text)
    }
}

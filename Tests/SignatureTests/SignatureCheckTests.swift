import Events
import Payments
import Testing

@testable import Signature
@testable import Store

@Suite struct SignatureCheckTests {
    private func refusal(
        of order: SignedOrder, by parties: TestParties
    ) throws -> Refusal? {
        SignatureCheck(parties: try parties.snapshot()).outcome(of: try order.request()).refusal
    }

    @Test(arguments: [SignType.md5, .hmacSHA256, .rsa2])
    func everySchemeOfALiveKeyIsAccepted(signType: SignType) throws {
        var order = try SignedOrder()
        switch signType {
        case .md5: break
        case .hmacSHA256:
            try order.sign(
                .hmacSHA256, version: 2,
                with: SigningKey(signType: .hmacSHA256, secret: TestParties.hmac))
        case .rsa2:
            try order.sign(
                .rsa2, version: 3,
                with: SigningKey(privatePEM: TestParties.pem("app_private_pkcs8")))
        }
        #expect(try refusal(of: order, by: TestParties()) == nil)
    }

    @Test func anOutcomeNamesTheDirectorysVersion() throws {
        var parties = try TestParties()
        parties.version = 41
        let check = SignatureCheck(parties: try parties.snapshot())
        #expect(check.outcome(of: try SignedOrder().request()).version == 41)
        let forged = try SignedOrder(changing: ["subject": .text("Tea")])
        var changed = forged
        changed.fields["subject"] = .text("Gold")
        #expect(check.outcome(of: try changed.request()).version == 41)
    }

    @Test(arguments: [
        ("amount_fen", RequestScalar.integer(1)), ("merchant_order_no", .text("SHOP-2")),
        ("nonce", .text("b0c5")), ("notify_url", .text("https://other.example/")),
        ("product", .text("WAP")), ("unknown_field", .text("x")),
    ])
    func anyFieldThatIsChangedAfterSigningIsRefused(name: String, value: RequestScalar) throws {
        var order = try SignedOrder()
        order.fields[name] = value
        #expect(try refusal(of: order, by: TestParties()) == .badSignature(of: "M1"))
    }

    @Test func aKeyVersionThatIsNotLiveIsRefusedAndNotReplacedByAnother() throws {
        // Version 1 was revoked: the directory holds live keys only.
        var parties = try TestParties()
        parties.keys["M1"] = [try TestParties.key(.md5, 2, secret: TestParties.md5)]
        #expect(try refusal(of: SignedOrder(), by: parties) == .unknownKey("M1", .md5, 1))
        // The same version of another scheme doesn't count either.
        parties.keys["M1"] = [try TestParties.key(.hmacSHA256, 1, secret: TestParties.md5)]
        #expect(try refusal(of: SignedOrder(), by: parties) == .unknownKey("M1", .md5, 1))
        parties.keys["M1"] = []
        #expect(try refusal(of: SignedOrder(), by: parties) == .unknownKey("M1", .md5, 1))
    }

    @Test func anotherKeyOfTheSamePartyDoesNotVerify() throws {
        var order = try SignedOrder()
        // It names version 1 and is signed with the secret of version 2.
        try order.sign(
            .md5, version: 1, with: SigningKey(signType: .md5, secret: TestParties.hmac))
        #expect(try refusal(of: order, by: TestParties()) == .badSignature(of: "M1"))
    }

    @Test func theKeyOfAnotherPartyDoesNotVerify() throws {
        var order = try SignedOrder()
        try order.sign(.md5, version: 1, with: SigningKey(signType: .md5, secret: "a1-secret"))
        #expect(try refusal(of: order, by: TestParties()) == .badSignature(of: "M1"))
        var rsa = try SignedOrder()
        try rsa.sign(
            .rsa2, version: 3,
            with: SigningKey(privatePEM: TestParties.pem("attacker_private_pkcs8")))
        #expect(try refusal(of: rsa, by: TestParties()) == .badSignature(of: "M1"))
    }

    @Test func aPartyThatIsNoMerchantIsRefused() throws {
        for partyNo in ["A1", "M9"] {
            let order = try SignedOrder(changing: ["merchant_no": .text(partyNo)])
            #expect(try refusal(of: order, by: TestParties()) == .unknownMerchant(partyNo))
        }
    }
}

/// The signatures of the agents' systems that an order came through.
@Suite struct AgentSignatureCheckTests {
    private func refusal(
        of order: SignedOrder, required: Bool = false
    ) throws -> Refusal? {
        var parties = try TestParties()
        parties.requiresAgentSignatures = required
        return SignatureCheck(parties: try parties.snapshot())
            .outcome(of: try order.request()).refusal
    }

    private func signedByBoth() throws -> SignedOrder {
        var order = try SignedOrder()
        try order.sign(agent: "A2", .hmacSHA256, secret: "a2-secret")
        try order.sign(agent: "A1", .md5, secret: "a1-secret")
        return order
    }

    @Test func theChainsSignaturesNearestFirstAreAccepted() throws {
        #expect(try refusal(of: signedByBoth()) == nil)
        #expect(try refusal(of: signedByBoth(), required: true) == nil)
    }

    @Test func agentsMayBeLeftOutUnlessTheirSignaturesAreRequired() throws {
        var nearest = try SignedOrder()
        try nearest.sign(agent: "A2", .hmacSHA256, secret: "a2-secret")
        var top = try SignedOrder()
        try top.sign(agent: "A1", .md5, secret: "a1-secret")
        let none = try SignedOrder()
        for order in [nearest, top, none] { #expect(try refusal(of: order) == nil) }
        #expect(try refusal(of: nearest, required: true) == .agentSignatureMissing("A1"))
        #expect(try refusal(of: top, required: true) == .agentSignatureMissing("A2"))
        #expect(try refusal(of: none, required: true) == .agentSignatureMissing("A2"))
    }

    @Test func swappedSignaturesAreRefused() throws {
        var order = try SignedOrder()
        try order.sign(agent: "A1", .md5, secret: "a1-secret")
        try order.sign(agent: "A2", .hmacSHA256, secret: "a2-secret")
        #expect(try refusal(of: order) == .notItsAgent("A2", of: "M1"))
        // The right order, but each made over the text that the other should have signed.
        order.agents.reverse()
        #expect(try refusal(of: order) == .badSignature(of: "A2"))
    }

    @Test func anAgentSignsTheSignatureBeforeItsOwn() throws {
        var order = try signedByBoth()
        // A2's signature is replaced by one that is valid and another: A1's no longer matches.
        order.agents.removeFirst()
        #expect(try refusal(of: order) == .badSignature(of: "A1"))
    }

    @Test func anAgentTwiceIsRefused() throws {
        var order = try SignedOrder()
        try order.sign(agent: "A2", .hmacSHA256, secret: "a2-secret")
        try order.sign(agent: "A2", .hmacSHA256, secret: "a2-secret")
        #expect(try refusal(of: order) == .notItsAgent("A2", of: "M1"))
    }

    @Test func anAgentOfAnotherChainIsRefused() throws {
        for stranger in ["A7", "M1", "P0"] {
            var order = try SignedOrder()
            try order.sign(agent: stranger, .md5, secret: "a1-secret")
            #expect(try refusal(of: order) == .notItsAgent(stranger, of: "M1"))
        }
    }

    @Test func anAgentsKeyIsItsOwnAndOfTheVersionNamed() throws {
        var foreign = try SignedOrder()
        try foreign.sign(agent: "A1", .md5, secret: TestParties.md5)
        #expect(try refusal(of: foreign) == .badSignature(of: "A1"))
        var retired = try SignedOrder()
        try retired.sign(agent: "A1", .md5, secret: "a1-secret", version: 2)
        #expect(try refusal(of: retired) == .unknownKey("A1", .md5, 2))
    }
}

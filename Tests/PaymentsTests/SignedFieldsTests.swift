import Payments
import Testing

@Suite struct SignedFieldsTests {
    @Test func membersAreSortedByBytesAndJoined() {
        let fields = SignedFields([
            ("subject", "茶 & 咖啡=1"), ("amount_fen", "9850"), ("Zeta", "z"), ("_x", "u"),
            ("a", "1"), ("a_b", "2"), ("aB", "3"), ("名", "n"), ("é", "composed"),
        ])
        #expect(
            fields.stringToSign
                == "Zeta=z&_x=u&a=1&aB=3&a_b=2&amount_fen=9850&subject=茶 & 咖啡=1&é=composed&名=n")
    }

    @Test func whatIsNotSignedIsDropped() {
        let fields = SignedFields([
            ("sign", "x"), ("agent_signatures", "[]"), ("attach", nil), ("return_url", ""),
            ("sign_type", "MD5"), ("key_version", "1"), ("blank", " "),
        ])
        #expect(fields.stringToSign == "blank= &key_version=1&sign_type=MD5")
        #expect(SignedFields([]).stringToSign.isEmpty)
        #expect(SignedFields([("sign", "x")]).stringToSign.isEmpty)
    }

    @Test func theOrderGivenDoesNotMatter() throws {
        let names = ["a", "b", "B", "_", "amount", "amount_fen", "é", "z9", "10", "9"]
        let canonical = SignedFields(names.map { ($0, "v") })
        try SeededRandom.forAll(200) { random in
            let shuffled = random.shuffled(names)
            #expect(SignedFields(shuffled.map { ($0, "v") }) == canonical, random.note)
            let extra = try random.pick(names) + "x"
            #expect(
                SignedFields((shuffled + [extra]).map { ($0, "v") }) != canonical, random.note)
        }
    }

    @Test func anAgentSignsTheSignatureBeforeItsOwn() throws {
        let fields = SignedFields([("amount_fen", "1"), ("merchant_no", "M1")])
        #expect(fields.stringToSign(after: "abc") == "amount_fen=1&merchant_no=M1&sign=abc")
        let agent = try SigningKey(signType: .hmacSHA256, secret: "agent")
        let signature = try agent.sign(fields.stringToSign(after: "abc"))
        #expect(agent.verify(signature, over: fields.stringToSign(after: "abc")))
        #expect(!agent.verify(signature, over: fields.stringToSign(after: "abd")))
        #expect(!agent.verify(signature, over: fields.stringToSign))
    }
}

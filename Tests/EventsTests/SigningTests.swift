import Events
import Payments
import TestRandom
import TestSigning
import Testing

@Suite struct SigningTests {
    @Test func theStringToSignIsTheContracts() throws {
        var body = OrderBody()
        body["notify_url"] = "null"
        body["attach"] = #""""#
        body["agent_signatures"] =
            #"[{"agent_no":"A1","sign_type":"MD5","key_version":1,"sign":"a"}]"#
        #expect(
            try body.read().fields.stringToSign()
                == "amount_fen=9850&currency=CNY&key_version=1&merchant_no=M1001"
                + "&merchant_order_no=SHOP-1&nonce=b0c4&product=PC&sign_type=MD5"
                + "&subject=Green tea&timestamp=2026-11-20T10:15:29.871Z")
    }

    @Test func namesAreInTheOrderOfTheirBytes() {
        let fields = RequestFields([
            "b": .text("1"), "B": .text("2"), "é": .text("3"), "z": .text("4"), "_": .text("5"),
            "ab": .text("6"), "a": .text("7"),
        ])
        #expect(fields.stringToSign() == "B=2&_=5&a=7&ab=6&b=1&z=4&é=3")
    }

    @Test func numbersArePlainAndFlagsAreWords() {
        let fields = RequestFields([
            "n": .integer(10_000_000_000), "m": .integer(-5), "z": .integer(0), "t": .flag(true),
            "f": .flag(false), "gone": .null, "empty": .text(""), "sign": .text("s"),
        ])
        #expect(fields.stringToSign() == "f=false&m=-5&n=10000000000&t=true&z=0")
        #expect(fields.stringToSign(leavingOut: ["m", "t"]) == "f=false&n=10000000000&z=0")
    }

    @Test func membersThatWeDoNotKnowAreKeptAndSigned() throws {
        var body = OrderBody()
        body["x_shop_id"] = "77"
        body["y_note"] = #""a&b=c""#
        let order = try body.read()
        #expect(order.fields.stringToSign().hasSuffix("&x_shop_id=77&y_note=a&b=c"))
        // They survive the way through a topic.
        let again = try EventCodec.decode(OrderRequest.self, from: order.json())
        #expect(again == order)
        #expect(again.fields.stringToSign() == order.fields.stringToSign())
    }

    @Test func theBusinessContentLeavesOutWhatARetryChanges() throws {
        var body = OrderBody()
        let first = try body.read()
        body["nonce"] = #""other""#
        body["timestamp"] = #""2026-11-20T11:00:00Z""#
        body["sign_type"] = #""HMAC-SHA256""#
        body["key_version"] = "2"
        body["sign"] = #""other""#
        body["client_ip"] = #""10.0.0.1""#
        #expect(try body.read().businessContent == first.businessContent)
        for (name, json) in [
            ("amount_fen", "9851"), ("subject", #""Tea""#), ("attach", #""x""#), ("other", "1"),
        ] {
            var changed = OrderBody()
            changed[name] = json
            #expect(try changed.read().businessContent != first.businessContent)
        }
    }

    @Test func fieldsThatAreNotSentAreSignedLikeTheOthers() {
        let fields = RequestFields(["b": .text("2"), "n": .integer(1), "sign": .text("s")])
        #expect(
            fields.stringToSign(adding: ["action": "order.close", "m": "7"])
                == "action=order.close&b=2&m=7&n=1")
    }

    @Test(arguments: [
        #""a\u0000b""#, #""a\nb""#, #""\r""#, #""\t""#, #""\u001f""#, #""\u007f""#,
        #""a\u0085b""#, #""\u009f""#, #""\u2028""#, #""\u2029""#, "\"\u{7F}\"", "\"\u{85}\"",
        "\"\u{2028}\"",
    ])
    func aControlCharacterInAnySignedValueIsRefused(json: String) {
        for name in ["subject", "unknown", "attach"] {
            var body = OrderBody()
            body[name] = json
            let refusal = body.refusal()
            #expect(refusal?.detail.contains("control character") == true, "\(name)")
            #expect(refusal?.detail.contains(name) == true)
        }
        // Characters and spaces that only look like them.
        for text in ["é", "茶", "\u{A0}", "\u{2027}", "\u{202A}", "‐"] {
            var body = OrderBody()
            body["subject"] = "\"\(text)\""
            #expect(body.refusal() == nil, "\(text)")
        }
    }

    @Test(arguments: ["a=b", "a&b", #"a\u0000"#, #"a\n"#, String(repeating: "x", count: 65)])
    func aNameThatWouldMakeTheStringAmbiguousIsRefused(name: String) {
        var body = OrderBody()
        body[name] = "1"
        #expect(body.refusal()?.detail.contains("a field's name") == true)
    }

    @Test func aNumberIsSignedAsItsValueHoweverItIsWritten() throws {
        var body = OrderBody()
        body["amount_fen"] = "9.85e3"
        let order = try? body.read()
        // Either refused or read as the whole number that it is; never another.
        #expect(order == nil || order?.fields.stringToSign().hasPrefix("amount_fen=9850&") == true)
    }

    // Fields are stored in the order of signing; SignedFields has the rule.
    @Test func whatIsSignedIsWhatTheRuleSays() {
        let seed = SplitMix64.seedFromEnvironment()
        print("SigningTests: SEED=\(seed)")
        var random = SplitMix64(seed: seed)
        let names = ["sign", "agent_signatures", "a", "ab", "B", "é", "", "_", "amount_fen", "茶"]
        let values: [RequestScalar] = [
            .text(""), .text("x"), .text("a=b&c"), .text("茶"), .integer(.min), .integer(0),
            .flag(true), .null,
        ]
        for _ in 0..<2_000 {
            var scalars: [String: RequestScalar] = [:]
            for name in names where Bool.random(using: &random) {
                scalars[name] = values.randomElement(using: &random)
            }
            let fields = RequestFields(scalars)
            let rule = SignedFields(scalars.map { ($0.key, $0.value.signedText) }).stringToSign
            #expect(fields.stringToSign() == rule, "SEED=\(seed)")
            #expect(fields.stringToSign(leavingOut: []) == rule, "SEED=\(seed)")
            #expect(fields.scalars == scalars, "SEED=\(seed)")
        }
    }
}

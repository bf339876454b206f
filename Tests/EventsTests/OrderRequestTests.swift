import Events
import Foundation
import Payments
import Testing

@Suite struct OrderRequestTests {
    private func body(_ name: String, _ json: String?) -> OrderBody {
        var body = OrderBody()
        body[name] = json
        return body
    }

    private func expectRefusal(
        of name: String, _ json: String?, saying words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let refusal = body(name, json).refusal()
        let detail = refusal?.detail ?? "nothing was refused"
        #expect(detail.contains(name), sourceLocation: sourceLocation)
        #expect(detail.contains(words), sourceLocation: sourceLocation)
        #expect(refusal?.reason == "schema_mismatch", sourceLocation: sourceLocation)
    }

    @Test func anOrderIsReadWhole() throws {
        var body = OrderBody()
        body["notify_url"] = #""https://shop.example/n""#
        body["expires_in_seconds"] = "1800"
        body["client_ip"] = "null"
        body["attach"] = #""""#
        let order = try body.read()
        #expect(order.merchantNo == "M1001")
        #expect(order.amount == Money(fen: 9_850))
        #expect(order.product == .pc)
        #expect(order.notifyURL == "https://shop.example/n")
        #expect(order.expiresInSeconds == 1_800)
        // Null and empty are none.
        #expect(order.clientIP == nil)
        #expect(order.attach == nil)
        #expect(order.signature == RequestSignature(signType: .md5, keyVersion: 1, sign: "55e5"))
        #expect(order.timestamp.rfc3339 == "2026-11-20T10:15:29.871Z")
    }

    @Test(arguments: [
        "merchant_no", "merchant_order_no", "product", "amount_fen", "currency", "subject",
        "timestamp", "nonce", "sign_type", "key_version", "sign",
    ])
    func aMemberThatMustBeThereIsMissed(name: String) {
        for absent in [nil, "null"] {
            expectRefusal(of: name, absent, saying: "is missing")
        }
        let empty = #""""#
        let isNumber = name == "amount_fen" || name == "key_version"
        expectRefusal(of: name, empty, saying: isNumber ? "whole number" : "is missing")
    }

    @Test(arguments: [
        "merchant_no", "merchant_order_no", "product", "currency", "subject", "notify_url",
        "return_url", "client_ip", "attach", "timestamp", "nonce", "sign_type", "sign",
    ])
    func textIsTextOfBoundedLengthWithoutControls(name: String) {
        expectRefusal(of: name, "5", saying: "must be text")
        expectRefusal(of: name, "true", saying: "must be text")
        let long = String(repeating: "x", count: 2_000)
        expectRefusal(of: name, "\"\(long)\"", saying: "longer than")
        for control in ["\\u0000", "\\n", "\\u001f", "\\u007f"] {
            expectRefusal(of: name, "\"a\(control)\"", saying: "control character")
        }
    }

    @Test func anAmountIsAWholeNumberInItsRange() throws {
        for (json, words) in [
            ("0", "from 1 to 10000000000"), ("-1", "from 1 to"), ("10000000001", "from 1 to"),
            ("\"5\"", "whole number"), ("98.5", "whole number"), ("1e400", "whole"),
            ("true", "whole"),
            ("99999999999999999999", "whole number"), ("[1]", "whole number"), ("{}", "whole"),
        ] {
            let refusal = body("amount_fen", json).refusal()
            #expect(refusal != nil, "\(json)")
            #expect(refusal?.detail.contains(words) == true, "\(json): \(refusal?.detail ?? "")")
            #expect(refusal?.detail.contains("amount_fen") == true, "\(json)")
        }
        for fen in [1, 10_000_000_000] as [Int64] {
            #expect(try body("amount_fen", "\(fen)").read().amount.fen == fen)
        }
    }

    @Test func theOtherRefusalsNameTheirMember() {
        expectRefusal(of: "sign_type", #""SHA1""#, saying: "MD5, HMAC-SHA256 or RSA2")
        expectRefusal(of: "product", #""QR""#, saying: "PC, WAP or APP")
        expectRefusal(of: "currency", #""USD""#, saying: "CNY")
        expectRefusal(of: "merchant_no", #""M 1""#, saying: "A-Z, a-z, 0-9")
        expectRefusal(of: "merchant_order_no", #""M,1""#, saying: "A-Z, a-z, 0-9")
        expectRefusal(of: "key_version", "0", saying: "from 1 to")
        expectRefusal(of: "expires_in_seconds", "59", saying: "from 60 to 86400")
        expectRefusal(of: "expires_in_seconds", "86401", saying: "from 60 to 86400")
        expectRefusal(of: "timestamp", #""2026-11-20 10:15:29""#, saying: "RFC 3339")
        expectRefusal(of: "timestamp", #""2026-11-20T10:15:29""#, saying: "RFC 3339")
        for url in ["ftp://x/", "/relative", "https:///path", "javascript:alert(1)"] {
            expectRefusal(of: "notify_url", "\"\(url)\"", saying: "http or https")
        }
        expectRefusal(of: "anything", #"{"a":1}"#, saying: "must be text, a whole number")
        expectRefusal(of: "anything", "[1]", saying: "must be text, a whole number")
    }

    @Test func agentsSignaturesAreReadInOrderAndChecked() throws {
        func agent(_ no: String) -> String {
            #"{"agent_no":"\#(no)","sign_type":"RSA2","key_version":2,"sign":"abc"}"#
        }
        let order = try body("agent_signatures", "[\(agent("A2")),\(agent("A1"))]").read()
        #expect(order.agentSignatures.map(\.agentNo) == ["A2", "A1"])
        #expect(order.agentSignatures.first?.signature.signType == .rsa2)
        for (json, name) in [
            (#"[{"sign_type":"MD5","key_version":1,"sign":"a"}]"#, "agent_no"),
            (#"[{"agent_no":"A","key_version":1,"sign":"a"}]"#, "sign_type"),
            (#"[{"agent_no":"A","sign_type":"X","key_version":1,"sign":"a"}]"#, "sign_type"),
            (#"[{"agent_no":"A","sign_type":"MD5","key_version":1}]"#, "sign"),
            (#"[{"agent_no":"A","sign_type":"MD5","key_version":1.5,"sign":"a"}]"#, "key_version"),
            (#""A2""#, "agent_signatures"), ("[1]", "agent_signatures"),
        ] {
            let refusal = body("agent_signatures", json).refusal()
            #expect(refusal?.detail.contains(name) == true, "\(json): \(refusal?.detail ?? "")")
        }
        #expect(try body("agent_signatures", "null").read().agentSignatures.isEmpty)
    }

    @Test func nestingBeyondTheLimitIsRefusedBeforeItIsBuilt() {
        let deep = String(repeating: "[", count: 100_000)
        let refusal = body("x", deep).refusal()
        #expect(refusal?.reason == "malformed_json")
        #expect(refusal?.detail.contains("16") == true)
        // Brackets within text don't nest.
        #expect(body("attach", #""[[[[[[[[[[[[[[[[[[[[[[[[\"[[""#).refusal() == nil)
        #expect(JSONDepth.isWithin(16, Array(String(repeating: "[", count: 16).utf8)))
        #expect(!JSONDepth.isWithin(16, Array(String(repeating: "[", count: 17).utf8)))
    }

    @Test func whatIsNoJSONIsRefusedAndNeverCrashes() {
        let whole = OrderBody().bytes
        for end in whole.indices {
            let error = #expect(throws: EventCodecError.self) {
                try EventCodec.decode(OrderRequest.self, from: Array(whole[..<end]))
            }
            #expect(error?.reason == "malformed_json")
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let place = Int.random(in: whole.indices, using: &random)
            var changed = whole
            changed[place] = UInt8.random(in: 0...255, using: &random)
            _ = try? EventCodec.decode(OrderRequest.self, from: changed)
        }
    }
}

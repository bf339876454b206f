import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("Strings to sign and signatures, against the vectors")
struct SignatureVectorTests {
    @Test func requestsAreSignedAsOthersSignThem() throws {
        let signer = try Made.app()
        for vector in try Vectors.load().requests {
            let form = try AlipayForm(vector.params.map { ($0.key, $0.value) })
            let expected = try form.charset.encode(vector.stringToSign)
            #expect(form.stringToSign(.request) == expected, "\(vector.name)")
            let received = try AlipayForm(received: Array(vector.formBody.utf8))
            #expect(received.stringToSign(.request) == expected, "\(vector.name), received")
            if vector.signType == "RSA2" {
                #expect(try signer.signature(of: form, .request) == vector.sign, "\(vector.name)")
                try signer.verifier.verify(received, .request)
            } else {
                // SHA-1: never believed, whatever the message says of itself.
                #expect(throws: ChannelMessageError.badSignature) {
                    try signer.verifier.verify(received, .request)
                }
            }
        }
    }

    @Test func whatIsSentIsReadBackAsItWas() throws {
        let signer = try Made.app()
        for vector in try Vectors.load().requests {
            let form = try AlipayForm(vector.params.map { ($0.key, $0.value) })
            let signed = try signer.signed(form, .request)
            let received = try AlipayForm(received: Array(signed.encoded.utf8))
            #expect(received == signed, "\(vector.name)")
            try signer.verifier.verify(received, .request)
        }
    }

    @Test func responsesAreCutByTheirBytes() throws {
        let verifier = try Made.alipayVerifier()
        for vector in try Vectors.load().responses {
            let response = try AlipayResponse(Array(vector.rawBody.utf8), method: vector.method)
            #expect(response.nodeName == vector.node, "\(vector.name)")
            if let signed = vector.signedSubstring {
                #expect(response.node == Array(signed.utf8), "\(vector.name)")
            }
            let isValid = (try? verifier.verify(response)) != nil
            #expect(isValid == vector.valid, "\(vector.name)")
        }
    }

    @Test func ourEnvelopeIsTheirs() throws {
        let vectors = try Vectors.load().responses
        let vector = try #require(vectors.first { $0.name == "query_ok" })
        let body = try Made.alipay().response(
            method: vector.method, node: try #require(vector.signedSubstring))
        #expect(body == Array(vector.rawBody.utf8))
    }

    @Test func notificationsAreVerified() throws {
        let verifier = try Made.alipayVerifier()
        for vector in try Vectors.load().notifications {
            let form = try AlipayForm(received: Array(vector.formBody.utf8))
            let rule: AlipayForm.SigningRule = vector.rule == "V1" ? .notification : .request
            #expect(
                form.stringToSign(rule) == (try form.charset.encode(vector.stringToSign)),
                "\(vector.name)")
            let isValid = (try? verifier.verify(form, rule)) != nil
            #expect(isValid == vector.valid, "\(vector.name)")
        }
    }

    @Test func wrongWaysAreRefused() throws {
        let verifier = try Made.alipayVerifier()
        let app = try Made.app().verifier
        for vector in try Vectors.load().negative {
            if let params = vector.params {
                let form = try AlipayForm(params.map { ($0.key, $0.value) })
                #expect(throws: ChannelMessageError.badSignature, "\(vector.name)") {
                    try verifier.verify(form, .notification)
                }
            } else {
                let text = try #require(vector.string)
                let sign = try #require(vector.sign)
                let signedBy = vector.name.hasPrefix("request") ? app : verifier
                let key = try RSAPublicKey(
                    try Vectors.text(
                        signedBy == app ? "keys/app_public.pem" : "keys/alipay_public.pem"))
                #expect(!key.verify(sign, over: Array(text.utf8)), "\(vector.name)")
            }
        }
    }
}

import Foundation
import Payments
import Testing

@Suite struct SigningTests {
    private static let text =
        "amount_fen=9850&merchant_no=M1&subject=茶 & 咖啡=1&timestamp=2026-11-20T10:15:30Z"
    private static let secret = "0a1b2c3d4e5f6071"

    private func allKeys() throws -> [(signs: SigningKey, checks: SigningKey, other: SigningKey)] {
        [
            (
                try SigningKey(signType: .md5, secret: Self.secret),
                try SigningKey(signType: .md5, secret: Self.secret),
                try SigningKey(signType: .md5, secret: Self.secret + "0")
            ),
            (
                try SigningKey(signType: .hmacSHA256, secret: Self.secret),
                try SigningKey(signType: .hmacSHA256, secret: Self.secret),
                try SigningKey(signType: .hmacSHA256, secret: Self.secret + "0")
            ),
            (
                try SigningKey(privatePEM: Vectors.key("app_private_pkcs8")),
                try SigningKey(publicPEM: Vectors.key("app_public")),
                try SigningKey(publicPEM: Vectors.key("attacker_public"))
            ),
        ]
    }

    @Test func theDigestsOfAnotherImplementation() throws {
        let md5 = try SigningKey(signType: .md5, secret: Self.secret)
        #expect(try md5.sign(Self.text) == "d639044623a20c3488cc91f3d203eec0")
        let hmac = try SigningKey(signType: .hmacSHA256, secret: Self.secret)
        #expect(
            try hmac.sign(Self.text)
                == "01198296130035175bfaf19fc0da1e558aea2cd80727445b7bf57985e512aed8")
        // RFC 4231, case 2.
        let jefe = try SigningKey(signType: .hmacSHA256, secret: "Jefe")
        #expect(
            try jefe.sign("what do ya want for nothing?")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func theSignaturesOfTheVectors() throws {
        let signs = try SigningKey(privatePEM: Vectors.key("app_private_pkcs8"))
        let checks = try SigningKey(publicPEM: Vectors.key("app_public"))
        let requests = try Vectors.all().requests.filter {
            $0.sign_type == "RSA2" && $0.charset == "utf-8"
        }
        #expect(requests.count == 5)
        for request in requests {
            #expect(checks.verify(request.sign, over: request.string_to_sign), "\(request.name)")
            #expect(try signs.sign(request.string_to_sign) == request.sign, "\(request.name)")
        }
    }

    @Test func whatIsSignedVerifiesAndNothingElse() throws {
        for (signs, checks, other) in try allKeys() {
            let signature = try signs.sign(Self.text)
            #expect(checks.verify(signature, over: Self.text))
            #expect(signs.verify(signature, over: Self.text))
            #expect(!other.verify(signature, over: Self.text))
            for tampered in [Self.text + " ", String(Self.text.dropLast()), "", "x"] {
                #expect(!checks.verify(signature, over: tampered))
            }
            for bad in ["", signature + "A", String(signature.dropLast()), "!", " " + signature] {
                #expect(!checks.verify(bad, over: Self.text), "\(checks.signType): \(bad)")
            }
        }
    }

    @Test func hexIsLowerCase() throws {
        let key = try SigningKey(signType: .md5, secret: Self.secret)
        #expect(!key.verify(try key.sign(Self.text).uppercased(), over: Self.text))
    }

    @Test func oneChangedCharacterAnywhereIsSeen() throws {
        for (signs, checks, _) in try allKeys() {
            let (signature, bytes) = (try signs.sign(Self.text), Array(Self.text.utf8))
            SeededRandom.forAll(100) { random in
                var changed = bytes
                let place = Int(random.int(0...Int64(bytes.count - 1)))
                changed[place] ^= 1
                let text = String(decoding: changed, as: UTF8.self)
                #expect(!checks.verify(signature, over: text), random.note)
                var characters = Array(signature)
                let at = Int(random.int(0...Int64(characters.count - 1)))
                characters[at] = characters[at] == "0" ? "1" : "0"
                // The last characters of base64 may have unused bits: the bytes are the same.
                guard at < characters.count - 4 else { return }
                #expect(!checks.verify(String(characters), over: Self.text), random.note)
            }
        }
    }

    @Test func secretsOfNoUseAreRefused() {
        for type in SignType.allCases {
            #expect(throws: SigningError.emptySecret(type)) {
                try SigningKey(signType: type, secret: "")
            }
        }
        #expect(throws: SigningError.needsKeyPair) {
            try SigningKey(signType: .rsa2, secret: "s")
        }
    }

    @Test func aPublicKeyCannotSign() throws {
        let key = try SigningKey(publicPEM: Vectors.key("app_public"))
        #expect(throws: SigningError.cannotSign) { try key.sign(Self.text) }
    }

    @Test func noSecretIsPrinted() throws {
        for (signs, _, _) in try allKeys() {
            let mirror = Mirror(reflecting: signs)
            let dumped = "\(signs) \(String(reflecting: signs)) \(Array(mirror.children))"
            #expect(!dumped.contains(Self.secret))
        }
        let key = try RSAPrivateKey(Vectors.key("app_private_pkcs8"))
        #expect(String(reflecting: key) == "an RSA private key")
    }
}

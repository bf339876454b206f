import Foundation
import Payments
import Testing

@Suite struct KeyFormatTests {
    /// `app_public` as PKCS#1, written by OpenSSL.
    private static let publicPKCS1 = """
        -----BEGIN RSA PUBLIC KEY-----
        MIIBCgKCAQEAoj4Pt+bnK1GFfpdc48JDx+dMK30c/t+RIFyJ+Yn0HsF+BBd6BSuu
        Q8hEPs0srjzhbtG6qg9CPb71yWg8f6/u9Fn7a3xApA5M5kKuekl51JohMsGrCKIU
        ZakLvEsCcIVSjta2vazWF6OeyOlDo9Pwrozceibh2o37XolSKCu8Jc+eoZT4BExv
        kv7a9oBmkA/tWB73IbNX8nHD6o7aPP0wwji6JFCNR4rhEvaCL2uRNoKZ/V1FP+bb
        mbTq8IqCkylRAx1krDrwR0ZUOpHoA58t/5a2F/fi5KBbPsn4NBibBYkLexY6sD3r
        osOqkLXFJIevk9/atXN2YwmfeBqXpfsNJQIDAQAB
        -----END RSA PUBLIC KEY-----
        """

    /// Too small to be safe: 1024 bits.
    private static let small = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDFzHD6aQJGlXFWgxvZHtDnyMUo
        MuW3Bp37t1gRwUmqpMFSHITNGACcc69vWVTmAPSHT5A7ihrDKODyi9FOVbI1ehg/
        QLmV6CQnhNDLfbJuTdIPxQ3iLdWXShG99GXrx7tnFagX6smkA3aAcRzCDFg7HCet
        3G8PWH3jH26gjr2ywQIDAQAB
        -----END PUBLIC KEY-----
        """

    /// Not RSA.
    private static let elliptic = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEj+fnVji7+F4rfZnNde6egQbfxLoJ
        dTT6EdpMhd+byAwxcxRtxwfN/8/OSFZptznCwNZ5EaTdP9YpfXbug1DhpA==
        -----END PUBLIC KEY-----
        """

    private func bare(_ pem: String, lineLength: Int? = nil) -> String {
        let base64 = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let lineLength else { return base64 }
        return stride(from: 0, to: base64.count, by: lineLength)
            .map { String(base64.dropFirst($0).prefix(lineLength)) }.joined(separator: "\r\n")
    }

    private func forms(_ pem: String) -> [String] {
        [
            pem, "\n  \(pem)\n\n", pem.replacingOccurrences(of: "\n", with: "\r\n"), bare(pem),
            bare(pem, lineLength: 76), " \(bare(pem)) \n",
        ]
    }

    @Test func everyFormOfThePrivateKeySignsAlike() throws {
        let pkcs8 = try Vectors.key("app_private_pkcs8")
        let expected = try SigningKey(privatePEM: pkcs8).sign("text")
        for form in forms(pkcs8) + forms(try Vectors.key("app_private_pkcs1")) {
            #expect(try SigningKey(privatePEM: form).sign("text") == expected)
        }
    }

    @Test func everyFormOfThePublicKeyVerifiesAlike() throws {
        let signs = try SigningKey(privatePEM: Vectors.key("app_private_pkcs1"))
        let signature = try signs.sign("text")
        for form in forms(try Vectors.key("app_public")) + forms(Self.publicPKCS1) {
            #expect(try SigningKey(publicPEM: form).verify(signature, over: "text"))
        }
    }

    @Test func aKeyIsItselfHoweverItIsWritten() throws {
        let spki = try RSAPublicKey(Vectors.key("app_public"))
        #expect(try RSAPublicKey(Self.publicPKCS1) == spki)
        #expect(try RSAPrivateKey(Vectors.key("app_private_pkcs1")).publicKey == spki)
        #expect(try RSAPublicKey(spki.pem) == spki)
        #expect(try RSAPublicKey(Vectors.key("attacker_public")) != spki)
    }

    @Test func whatIsNoKeyIsRefused() throws {
        let good = try Vectors.key("app_public")
        let lines = good.split(separator: "\n").map(String.init)
        let truncated = lines.prefix(4).joined(separator: "\n")
        let bad = [
            "", " \n", "secret", "AAAA", Self.small, Self.elliptic, truncated, good + good,
            lines.dropLast().joined(separator: "\n"),
            "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
            String(bare(good).dropLast(8)), "公钥",
        ]
        for text in bad {
            #expect(throws: SigningError.self) { try SigningKey(publicPEM: text) }
            #expect(throws: SigningError.self) { try SigningKey(privatePEM: text) }
        }
        #expect(throws: SigningError.self) { try SigningKey(privatePEM: good) }
        #expect(throws: SigningError.self) {
            try SigningKey(publicPEM: Vectors.key("app_private_pkcs8"))
        }
    }

    @Test func damagedKeysNeverCrash() throws {
        for name in ["app_public", "app_private_pkcs1", "app_private_pkcs8"] {
            let der = try #require(Data(base64Encoded: bare(Vectors.key(name))))
            SeededRandom.forAll(200) { random in
                var damaged = Array(der)
                for _ in 0..<random.int(1...4) {
                    let place = Int(random.int(0...Int64(damaged.count - 1)))
                    damaged[place] = UInt8(random.int(0...255))
                }
                if random.chance(30) { damaged.removeLast(Int(random.int(1...64))) }
                let text = Data(damaged).base64EncodedString()
                let checks = try? SigningKey(publicPEM: text)
                #expect(checks?.verify("AAAA", over: "text") != true, random.note)
                _ = try? SigningKey(privatePEM: text).sign("text")
            }
        }
    }

    @Test func errorsContainNothingOfTheKey() {
        let text = RSAKeyError.unreadable(expected: "public key (SPKI or PKCS#1)").description
        #expect(text.contains("2048") && text.contains("PEM"))
    }
}

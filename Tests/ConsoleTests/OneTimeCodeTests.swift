import Testing

@testable import Console

@Suite struct OneTimeCodeTests {
    private let code = OneTimeCode(secret: Array("12345678901234567890".utf8))

    /// RFC 6238, appendix B, the last six of its eight digits.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"),
        (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func aCodeIsTheStandards(seconds: Int64, digits: String) {
        #expect(code.code(step: seconds / 30) == digits)
    }

    @Test func aClockMayBeOneStepOffAndNoMore() {
        let now: Int64 = 1_795_000_000
        let step = now / 30
        for off: Int64 in -3...3 {
            let found = code.step(of: code.code(step: step + off), at: now)
            #expect(found == (abs(off) <= 1 ? step + off : nil))
        }
        #expect(code.step(of: "", at: now) == nil)
        #expect(code.step(of: code.code(step: step) + "0", at: now) == nil)
    }

    @Test func theKeyIsTypedInBase32() {
        #expect(code.text == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
        #expect(
            code.address(of: "li wei")
                == "otpauth://totp/Tallyhouse:li%20wei?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Tallyhouse")
    }

    @Test func aSessionOffersTheSameSecretAndAnotherSessionAnother() {
        let (one, other) = (RandomToken.make(), RandomToken.make())
        #expect(OneTimeCode.offered(in: one).secret == OneTimeCode.offered(in: one).secret)
        #expect(OneTimeCode.offered(in: one).secret != OneTimeCode.offered(in: other).secret)
        #expect(OneTimeCode.offered(in: one).secret.count == 20)
    }
}

import Testing

@testable import Console

@Suite struct PasswordTests {
    /// RFC 7914, section 12: the first half of its 64 bytes.
    @Test func aHashIsTheStandards() throws {
        let hash = try PasswordHash(
            hashing: "password", salt: Array("NaCl".utf8),
            .init(rounds: 1_024, blockSize: 8, parallelism: 16))
        let hex = hash.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    }

    @Test func aStoredHashMatchesItsPasswordAlone() throws {
        let stored = try PasswordHash(hashing: "correct horse 电池").text
        let hash = try #require(PasswordHash(stored))
        #expect(hash.parameters == PasswordHash.usual)
        #expect(hash.matches("correct horse 电池"))
        #expect(!hash.matches("correct horse 电"))
        #expect(!hash.matches(""))
        #expect(try PasswordHash(hashing: "correct horse 电池").text != stored)
    }

    @Test(arguments: ["", "scrypt", "scrypt$1$2$3$!$!", "md5$1$2$3$AAAA$AAAA", "a$b$c$d$e$f"])
    func whatIsNoHashIsRefused(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        ("short", false), ("aaaaaaaaaaaaaaa", false), ("the login li.wei here", false),
        ("a sentence is good", true), ("密码是一句很长的话语啊对", true),
        (String(repeating: "abcdefgh", count: 33), false),
    ])
    func aChosenPasswordIsLongAndNotTheLogin(password: String, isGood: Bool) {
        #expect((PasswordRule.problem(of: password, login: "li.wei") == nil) == isGood)
    }

    @Test func temporaryPasswordsDifferAndMayBeChosen() {
        let all = (0..<100).map { _ in PasswordRule.temporary() }
        #expect(Set(all).count == 100)
        #expect(all.allSatisfy { $0.count == 23 })
        #expect(all.allSatisfy { PasswordRule.problem(of: $0, login: "admin") == nil })
    }
}

import Foundation
import Store
import Testing

@Suite struct SealerTests {
    private func sealer(_ byte: UInt8) throws -> Sealer {
        try Sealer(masterKey: Data(repeating: byte, count: 32).base64EncodedString())
    }

    @Test(arguments: ["", "secret", "张三 6222", String(repeating: "x", count: 10_000)])
    func whatIsSealedOpensAgain(text: String) throws {
        let sealer = try sealer(1)
        let sealed = try sealer.seal(text, context: "row/1")
        #expect(try sealer.open(sealed, context: "row/1") == text)
        // Every sealing has a nonce of its own.
        #expect(try sealer.seal(text, context: "row/1") != sealed)
        #expect(!String(decoding: sealed, as: UTF8.self).contains("secret"))
    }

    @Test func itOpensNowhereElse() throws {
        let sealer = try sealer(1)
        let sealed = try sealer.seal("secret", context: "row/1")
        let error = #expect(throws: SealerError.self) {
            try sealer.open(sealed, context: "row/2")
        }
        #expect(error?.description.contains("row/2") == true)
        #expect(error?.description.contains("secret") == false)
        #expect(throws: SealerError.self) { try self.sealer(2).open(sealed, context: "row/1") }
    }

    @Test func changedOrForeignBytesDoNotOpen() throws {
        let sealer = try sealer(1)
        let sealed = try sealer.seal("secret", context: "c")
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SealerError.self) { try sealer.open(changed, context: "c") }
        }
        for bytes in [[], [1], Array(sealed.dropLast()), [UInt8](repeating: 0, count: 28)] {
            #expect(throws: SealerError.self) { try sealer.open(bytes, context: "c") }
        }
    }

    @Test(arguments: ["", "x", "AAAA", Data(count: 31).base64EncodedString()])
    func aMasterKeyIs32BytesInBase64(key: String) throws {
        let error = #expect(throws: SealerError.self) { try Sealer(masterKey: key) }
        #expect(error?.description.contains("TALLY_MASTER_KEY") == true)
    }
}

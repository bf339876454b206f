import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("GBK text and zip archives")
struct ZipArchiveTests {
    @Test func gbk() throws {
        #expect(try GBK.encode("国标编码") == [0xb9, 0xfa, 0xb1, 0xea, 0xb1, 0xe0, 0xc2, 0xeb])
        #expect(try GBK.decode([]).isEmpty)
        // Beyond GBK, and longer than the converter's chunk.
        let long = String(repeating: "a国𠮷🍵，", count: 20_000)
        #expect(try GBK.decode(try GBK.encode(long)) == long)
        #expect(throws: GBKError.invalid(offset: 2)) { try GBK.decode([0x61, 0x62, 0xff, 0x61]) }
        #expect(throws: GBKError.invalid(offset: 1)) { try GBK.decode([0x61, 0xb9]) }
    }

    @Test func roundTrip() throws {
        var random = SeededRandom()
        for count in 0..<4 {
            let files = try (0..<count).map { index in
                (
                    name: try GBK.encode("业务明细\(index).csv"),
                    content: (0..<Int.random(in: 0...200_000, using: &random)).map { _ in
                        UInt8.random(in: 0...7, using: &random)
                    }
                )
            }
            let bytes = try ZipArchive.make(files, modifiedAt: Made.now)
            #expect(bytes == (try ZipArchive.make(files, modifiedAt: Made.now)))
            guard count > 0 else { continue }
            let archive = try ZipArchive(bytes)
            #expect(archive.members.map(\.name) == files.map(\.name), random.note)
            for (member, file) in zip(archive.members, files) {
                #expect(
                    try archive.extract(member, limit: 200_000) == file.content, random.note)
            }
        }
    }

    @Test func namesAreRawGBK() throws {
        let archive = try ZipArchive(
            try Vectors.bytes(try Vectors.load().billExpectations.tradeZip))
        #expect(
            archive.members.map(\.text) == [
                "20887210000000010156_20261120_业务明细.csv",
                "20887210000000010156_20261120_业务明细(汇总).csv",
            ])
        let made = try ZipArchive.make(
            [(name: try GBK.encode("明细"), content: [1])], modifiedAt: Made.now)
        // General purpose flags of the first local header: bit 11 says UTF-8.
        #expect(made[7] & 0b1000 == 0)
    }

    @Test func bombsAreRefused() throws {
        let bomb = try ZipArchive.make(
            [(name: [97], content: [UInt8](repeating: 0, count: 5_000_000))],
            modifiedAt: Made.now)
        let archive = try ZipArchive(bomb)
        let member = try #require(archive.members.first)
        #expect(throws: ZipError.tooLarge(limit: 1_000_000)) {
            try archive.extract(member, limit: 1_000_000)
        }
        // The same with a header that claims ten bytes.
        let size = withUnsafeBytes(of: UInt32(5_000_000).littleEndian) { Array($0) }
        var lying = bomb
        for index in lying.indices.dropLast(3) where Array(lying[index..<index + 4]) == size {
            lying.replaceSubrange(index..<index + 4, with: [10, 0, 0, 0])
        }
        #expect(lying != bomb)
        #expect(throws: ZipError.self) {
            let archive = try ZipArchive(lying)
            _ = try archive.extract(try #require(archive.members.first), limit: 1_000_000)
        }
        let many = (0..<300).map { (name: Array("\($0)".utf8), content: [UInt8]()) }
        #expect(throws: ZipError.tooManyMembers) {
            try ZipArchive(try ZipArchive.make(many, modifiedAt: Made.now))
        }
    }

    @Test func damageIsSeen() throws {
        var random = SeededRandom()
        let zip = try Vectors.bytes(try Vectors.load().billExpectations.tradeZip)
        let right = try ZipArchive(zip)
        let contents = try right.members.map { try right.extract($0, limit: 1_000_000) }
        for _ in 0..<500 {
            var bytes = zip
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            if Bool.random(using: &random) {
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            }
            // Refused, or the content is what it was: nothing else, and no crash.
            guard let archive = try? ZipArchive(bytes) else { continue }
            for member in archive.members {
                if let content = try? archive.extract(member, limit: 1_000_000) {
                    #expect(content.isEmpty || contents.contains(content), random.note)
                }
            }
        }
    }
}

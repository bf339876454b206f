import Foundation
import Payments
import Testing

@Suite struct MoneyTests {
    @Test(
        arguments: [
            ("0", 0), ("0.00", 0), ("-0.00", 0), ("0.01", 1), ("-0.01", -1), ("98", 9_800),
            ("98.5", 9_850), ("98.50", 9_850), ("-10.00", -1_000), ("100000000.00", 10_000_000_000),
            ("92233720368547758.07", Int64.max), ("-92233720368547758.08", Int64.min),
        ] as [(String, Int64)])
    func yuanIsReadExactly(text: String, fen: Int64) throws {
        #expect(try Money(yuan: text).fen == fen)
    }

    @Test(arguments: [
        "", "-", ".", "-.5", ".5", "5.", "+1", " 1", "1 ", "1,000.00", "1e3", "0x1", "１", "--1",
        "01", "00.50", "1.2.3", "1.-5", "¥1", "NaN", "1_0", "1\u{0}", "1.5\n", "−1",
    ])
    func whatIsNoYuanIsRefused(text: String) {
        #expect(throws: MoneyError.malformed(text)) { try Money(yuan: text) }
    }

    @Test func partsOfAFenAreRefused() {
        #expect(throws: MoneyError.tooManyDecimals("0.001")) { try Money(yuan: "0.001") }
        #expect(throws: MoneyError.tooManyDecimals("1.000")) { try Money(yuan: "1.000") }
    }

    @Test(arguments: [
        "92233720368547758.08", "-92233720368547758.09", "922337203685477580",
        "99999999999999999999999",
    ])
    func moreThan64BitsIsRefused(text: String) {
        #expect(throws: MoneyError.outOfRange(text)) { try Money(yuan: text) }
    }

    @Test func aLongTextIsNotRepeatedWhole() {
        let text = String(repeating: "x", count: 10_000)
        #expect(throws: MoneyError.malformed(String(repeating: "x", count: 32))) {
            try Money(yuan: text)
        }
    }

    @Test func yuanGoesThereAndBack() throws {
        try SeededRandom.forAll(5_000) { random in
            let money = Money(fen: random.bits() >> random.int(0...62))
            let read = try Money(yuan: money.yuan)
            #expect(read == money, random.note)
        }
        for fen in [Int64.min, .min + 1, -100, -99, -1, 0, 1, 99, 100, .max] {
            #expect(try Money(yuan: Money(fen: fen).yuan).fen == fen)
        }
    }

    @Test func randomTextNeverCrashesAndWhatIsReadPrintsTheSameValue() throws {
        let alphabet = Array("0123456789.-+ e,元\u{FF10}")
        try SeededRandom.forAll(5_000) { random in
            var text = ""
            for _ in 0..<random.int(0...8) { text.append(try random.pick(alphabet)) }
            guard let money = try? Money(yuan: text) else { return }
            #expect(Decimal(string: text) == Decimal(string: money.yuan), "\(text) \(random.note)")
        }
    }

    @Test func theOperatorsStayAtTheEnds() throws {
        let (most, least) = (Money(fen: .max), Money(fen: .min))
        let fen = Money(fen: 1)
        #expect(most + fen == most)
        #expect(least - fen == least)
        #expect(fen - least == most)
        #expect(-least == most)
        #expect(least + least == least)
        #expect(throws: MoneyError.outOfRange("\(Int64.max) fen + 1 fen")) {
            try most.adding(fen)
        }
        #expect(throws: MoneyError.self) { try least.adding(-fen) }
        #expect(try fen.adding(-fen) == .zero)
        var sum = Money.zero
        sum += Money(fen: 7)
        sum -= Money(fen: 9)
        #expect(sum == Money(fen: -2))
        #expect(sum < .zero)
        #expect(Money(fen: 9_850).description == "98.50 CNY")
    }

    @Test func jsonIsABareInteger() throws {
        let data = try JSONEncoder().encode([Money(fen: 9_850), .zero])
        #expect(String(decoding: data, as: UTF8.self) == "[9850,0]")
        #expect(try JSONDecoder().decode([Money].self, from: data) == [Money(fen: 9_850), .zero])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Money].self, from: Data("[1.5]".utf8))
        }
    }

    @Test func errorsSayWhatToWrite() {
        #expect(MoneyError.malformed("x").description.contains("98.50"))
        #expect(MoneyError.tooManyDecimals("1.234").description.contains("two decimals"))
        #expect(MoneyError.outOfRange("9").description.contains("check the amount"))
    }
}

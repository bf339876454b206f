import Payments
import Testing

@testable import tally

@Suite struct TextTableTests {
    @Test func wideCharactersTakeTwoColumns() {
        let table = TextTable(
            headings: ["NO", "NAME", "N"], rightAligned: [2],
            rows: [["M2001", "龙井茶庄", "7"], ["M2", "Tea", "1,234"]])
        #expect(
            table.lines == [
                "NO     NAME          N",
                "M2001  龙井茶庄      7",
                "M2     Tea       1,234",
            ])
        #expect(Set(table.lines.map(\.displayWidth)) == [22])
    }

    @Test func aCombiningMarkTakesNoColumn() {
        #expect("e\u{301}".displayWidth == 1)
        #expect("Ｔ".displayWidth == 2)
    }

    @Test func aCutNeverExceedsItsWidth() {
        for width in 1...12 {
            #expect("龙井茶庄 tea".cut(width).displayWidth <= width)
        }
        #expect("龙井茶庄".cut(8) == "龙井茶庄")
        #expect("龙井茶庄".cut(6) == "龙井…")
    }

    @Test func figuresAreGroupedByThousands() {
        #expect(1_234_567.grouped == "1,234,567")
        #expect(Money(fen: 6_800_310).grouped == "68,003.10")
        #expect(Money(fen: -5).grouped == "-0.05")
        #expect(Money(fen: -123_456_700).grouped == "-1,234,567.00")
        #expect(Money(fen: .min).grouped == "-92,233,720,368,547,758.08")
    }
}

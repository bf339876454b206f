import Events
import Foundation
import Payments
import Testing

@Suite struct EventIDTests {
    private let time = Timestamp(microseconds: 1_795_147_200_123_456)

    @Test func theLayoutIsVersion7() throws {
        for _ in 0..<200 {
            let id = EventID.make(at: time)
            let text = Array(id.description)
            #expect(text.count == 36)
            #expect(text[14] == "7")
            #expect("89ab".contains(text[19]))
            let digits = id.description.replacing("-", with: "").prefix(12)
            #expect(Int64(digits, radix: 16) == time.microseconds / 1_000)
        }
    }

    @Test func newerOnesSortAfterOlderOnes() {
        var last = ""
        for milliseconds in stride(from: Int64(0), to: 1 << 47, by: 1 << 40) {
            let id = EventID.make(at: Timestamp(microseconds: milliseconds * 1_000))
            #expect(id.description > last)
            last = id.description
        }
    }

    @Test func noTwoAreTheSame() {
        #expect(Set((0..<10_000).map { _ in EventID.make(at: time) }).count == 10_000)
    }

    @Test func manyAreMadeAtOnce() {
        let ids = EventID.make(1_000, at: time)
        #expect(Set(ids).count == 1_000)
        #expect(ids.allSatisfy { Array($0.description)[14] == "7" })
        #expect(ids.allSatisfy { "89ab".contains(Array($0.description)[19]) })
        #expect(EventID.make(0, at: time).isEmpty)
    }

    @Test func theTextFormIsReadBack() {
        for id in EventID.make(1_000, at: time) {
            #expect(EventID(id.description) == id)
            #expect(EventID(id.description.uppercased()) == id)
            #expect(EventID(String(id.description.dropLast())) == nil)
            #expect(EventID(id.description.replacing("-", with: "0")) == nil)
        }
    }

    @Test func theSameRandomNumbersMakeTheSameIdentity() {
        struct Still: RandomNumberGenerator {
            mutating func next() -> UInt64 { 0x0123_4567_89AB_CDEF }
        }
        var (one, two) = (Still(), Still())
        #expect(EventID.make(at: time, using: &one) == EventID.make(at: time, using: &two))
    }

    @Test func aTimeOutOfRangeMakesAnIdentityNevertheless() {
        for microseconds in [Int64.min, -1, 0, Int64.max] {
            let id = EventID.make(at: Timestamp(microseconds: microseconds))
            #expect(Array(id.description)[14] == "7")
        }
    }

    @Test func itsJSONIsItsText() throws {
        let id = EventID.make(at: time)
        let bytes = try EventCodec.encode(["id": id])
        #expect(bytes == Array(#"{"id":"\#(id)"}"#.utf8))
        #expect(try EventCodec.decode([String: EventID].self, from: bytes) == ["id": id])
        let error = #expect(throws: EventCodecError.self) {
            try EventCodec.decode([String: EventID].self, from: Array(#"{"id":"no"}"#.utf8))
        }
        #expect(error?.detail.contains("is not a UUID") == true)
    }
}

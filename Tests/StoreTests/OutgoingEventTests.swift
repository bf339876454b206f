import Store
import Testing

@Suite struct OutgoingEventTests {
    private static func event(_ random: inout SeededRandom) -> OutgoingEvent {
        OutgoingEvent(
            topic: "topic-\(random.int(0...9))",
            key: random.int(0...3) == 0 ? nil : random.bytes(upTo: 40),
            value: random.bytes(upTo: 2_000),
            headers: (0..<random.int(0...4)).map { .init("名-\($0)", random.bytes(upTo: 30)) })
    }

    @Test func whatIsPackedIsUnpacked() {
        var random = SeededRandom()
        for _ in 0..<300 {
            let events = (0..<random.int(0...6)).map { _ in Self.event(&random) }
            #expect(OutgoingEvent.unpack(OutgoingEvent.pack(events)) == events, random.note)
        }
    }

    @Test func anEmptyKeyIsNotAMissingOne() {
        for key in [nil, []] as [[UInt8]?] {
            let event = OutgoingEvent(topic: "t", key: key, value: [], headers: [])
            #expect(OutgoingEvent.unpack(OutgoingEvent.pack([event])) == [event])
        }
    }

    @Test func otherBytesAreRefusedAndNeverCrash() {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            let bytes = random.bytes(upTo: 64)
            _ = OutgoingEvent.unpack(bytes)
            _ = OutgoingEvent.unpackHeaders(bytes)
        }
        // Near misses: one byte changed, cut off, or added.
        for _ in 0..<500 {
            let packed = OutgoingEvent.pack([Self.event(&random), Self.event(&random)])
            var changed = packed
            let place = Int(random.int(0...Int64(packed.count - 1)))
            changed[place] ^= UInt8(random.int(1...255))
            _ = OutgoingEvent.unpack(changed)
            #expect(OutgoingEvent.unpack(Array(packed[..<place])) == nil, random.note)
            #expect(OutgoingEvent.unpack(packed + [0]) == nil, random.note)
        }
        #expect(OutgoingEvent.unpack([]) == nil)
        // A count and lengths far beyond the bytes.
        #expect(OutgoingEvent.unpack([255, 255, 255, 255]) == nil)
        #expect(OutgoingEvent.unpack([1, 0, 0, 0, 255, 255, 255, 255]) == nil)
    }
}

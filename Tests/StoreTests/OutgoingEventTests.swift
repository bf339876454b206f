import Store
import Testing

@Suite struct OutgoingEventTests {
    private static func event(_ dice: inout Dice) -> OutgoingEvent {
        OutgoingEvent(
            topic: "topic-\(dice.int(0...9))",
            key: dice.int(0...3) == 0 ? nil : dice.bytes(upTo: 40),
            value: dice.bytes(upTo: 2_000),
            headers: (0..<dice.int(0...4)).map { .init("名-\($0)", dice.bytes(upTo: 30)) })
    }

    @Test func whatIsPackedIsUnpacked() {
        var dice = Dice()
        for _ in 0..<300 {
            let events = (0..<dice.int(0...6)).map { _ in Self.event(&dice) }
            #expect(OutgoingEvent.unpack(OutgoingEvent.pack(events)) == events, dice.note)
        }
    }

    @Test func anEmptyKeyIsNotAMissingOne() {
        for key in [nil, []] as [[UInt8]?] {
            let event = OutgoingEvent(topic: "t", key: key, value: [], headers: [])
            #expect(OutgoingEvent.unpack(OutgoingEvent.pack([event])) == [event])
        }
    }

    @Test func otherBytesAreRefusedAndNeverCrash() {
        var dice = Dice()
        for _ in 0..<2_000 {
            let bytes = dice.bytes(upTo: 64)
            _ = OutgoingEvent.unpack(bytes)
            _ = OutgoingEvent.unpackHeaders(bytes)
        }
        // Near misses: one byte changed, cut off, or added.
        for _ in 0..<500 {
            let packed = OutgoingEvent.pack([Self.event(&dice), Self.event(&dice)])
            var changed = packed
            let place = Int(dice.int(0...Int64(packed.count - 1)))
            changed[place] ^= UInt8(dice.int(1...255))
            _ = OutgoingEvent.unpack(changed)
            #expect(OutgoingEvent.unpack(Array(packed[..<place])) == nil, dice.note)
            #expect(OutgoingEvent.unpack(packed + [0]) == nil, dice.note)
        }
        #expect(OutgoingEvent.unpack([]) == nil)
        // A count and lengths far beyond the bytes.
        #expect(OutgoingEvent.unpack([255, 255, 255, 255]) == nil)
        #expect(OutgoingEvent.unpack([1, 0, 0, 0, 255, 255, 255, 255]) == nil)
    }
}

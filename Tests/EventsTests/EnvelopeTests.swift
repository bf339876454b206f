import Events
import Payments
import Testing

@Suite struct EnvelopeTests {
    private func callback(_ raw: [UInt8]) -> CallbackReceived {
        let time = Timestamp(microseconds: 1_795_147_200_000_000)
        return CallbackReceived(
            envelope: CallbackReceived.envelope(at: time),
            channel: "alipay", origin: .notify, orderNo: "1", raw: raw, receivedAt: EventTime(time))
    }

    @Test func aCallbackKeepsEveryByteThatCame() throws {
        let bodies: [(raw: [UInt8], field: String)] = [
            (Array("trade_status=TRADE_SUCCESS".utf8), "\"raw\""), ([], "\"raw\""),
            (Array("主题=茶".utf8), "\"raw\""), (Array(0...255), "\"raw_base64\""),
            // GBK, and UTF-8 that breaks off.
            ([0xB2, 0xE8], "\"raw_base64\""), ([0x61, 0xE8, 0x8C], "\"raw_base64\""),
            ([0], "\"raw\""),
        ]
        for (raw, field) in bodies {
            let event = callback(raw)
            let written = try EventCodec.encode(event)
            #expect(String(decoding: written, as: UTF8.self).contains(field))
            let read = try EventCodec.decode(CallbackReceived.self, from: written)
            #expect(read.raw == raw)
            #expect(read == event)
        }
    }

    @Test func aCallbackWithoutItsBodyIsRefused() throws {
        let written = String(decoding: try EventCodec.encode(callback([1])), as: UTF8.self)
        let without = written.replacing("\"raw\":\"\\u0001\",", with: "")
        #expect(without != written)
        let error = #expect(throws: EventCodecError.self) {
            try EventCodec.decode(CallbackReceived.self, from: Array(without.utf8))
        }
        #expect(error?.detail.contains("raw") == true)
    }

    @Test func whatIsWrongWithAnEnvelopeIsNamed() throws {
        let written = String(decoding: try EventCodec.encode(callback([])), as: UTF8.self)
        for (old, new, words) in [
            ("\"schema_version\":1", "\"schema_version\":2", "schema_version 2 is not known"),
            ("\"schema_version\":1", "\"schema_version\":\"1\"", "schema_version"),
            ("\"occurred_at\":\"2026", "\"occurred_at\":\"x2026", "RFC 3339"),
            ("\"event_type\"", "\"event_typo\"", "'event_type' is missing"),
            ("\"origin\":\"notify\"", "\"origin\":\"guess\"", "origin"),
        ] {
            let changed = written.replacing(old, with: new)
            #expect(changed != written, "\(old)")
            let error = #expect(throws: EventCodecError.self) {
                try EventCodec.decode(CallbackReceived.self, from: Array(changed.utf8))
            }
            #expect(error?.reason == "schema_mismatch")
            #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
        }
    }

    @Test func fieldsOfALaterBuildAreIgnored() throws {
        let event = callback([65])
        let written = String(decoding: try EventCodec.encode(event), as: UTF8.self)
        let more = "{\"added_later\":{\"a\":[1]}," + written.dropFirst()
        #expect(try EventCodec.decode(CallbackReceived.self, from: Array(more.utf8)) == event)
    }
}

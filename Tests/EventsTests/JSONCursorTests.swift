import Foundation
import Payments
import TestRandom
import Testing

@testable import Events

/// The one-pass reader against Foundation's decoder: what it accepts means the same there, and what
/// it refuses is refused there too, but for what it refuses on purpose.
@Suite struct JSONCursorTests {
    private static let valid = """
        {"merchant_no":"M1","merchant_order_no":"SHOP-1","amount_fen":9850,
         "subject":"\\u7eff茶\\\"",
         "flag":true, "none" : null,"other":-12,"emoji":"\\ud83c\\udf75🍵","empty":"",
         "sign":"a\\/b",
         "agent_signatures":[{"agent_no":"A2","key_version":1},{"agent_no":"A1"}]}
        """

    @Test func whatIsReadIsWhatFoundationReads() {
        let seed = SplitMix64.seedFromEnvironment()
        print("JSONCursorTests: SEED=\(seed)")
        var random = SplitMix64(seed: seed)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = Self.mutated(&random)
            switch (Self.ours(bytes), Self.oracle(bytes)) {
            case (.success(let ours), .success(let theirs)):
                accepted += 1
                #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self)) SEED=\(seed)")
            case (.success, .failure(let error)):
                Issue.record("only ours reads \(bytes): \(error); SEED=\(seed)")
            case (.failure(let error), .success):
                let isMeant = Self.stricter.contains { error.detail.contains($0) }
                #expect(
                    isMeant,
                    """
                    only Foundation reads this, \(error); SEED=\(seed):
                    \(String(decoding: bytes, as: UTF8.self))
                    """)
            case (.failure, .failure): break
            }
        }
        #expect(accepted > 1_000)
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{}{}", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":-}", "{\"a\":nul}", "{\"a\":True}",
        "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\n\"}", "\u{FEFF}{}", "{\"a\":1}\u{0}", "{'a':1}",
        "{\"a\":1 \"b\":2}", "[1]", "1", "null",
    ])
    func whatIsNotAnObjectOfJSONIsRefused(text: String) {
        let result = Self.ours(Array(text.utf8))
        guard case .failure = result else {
            Issue.record("\(text) was read")
            return
        }
    }

    @Test(arguments: [
        ("not JSON", "malformed_json"), ("[] more", "malformed_json"), ("", "malformed_json"),
        (#"{"schema_version":"1""#, "malformed_json"), (#"{"order":5,}"#, "malformed_json"),
        ("[]", "schema_mismatch"), ("null", "schema_mismatch"), ("{}", "schema_mismatch"),
        (#"{"order":[1]}"#, "schema_mismatch"), (#"{"schema_version":2}"#, "schema_mismatch"),
    ])
    func malformedJSONAndAWrongSchemaHaveTheirOwnReasons(text: String, reason: String) {
        let error = #expect(throws: EventCodecError.self) {
            try EventCodec.decode(OrderSubmitted.self, from: Array(text.utf8))
        }
        #expect(error?.reason == reason)
        let again = #expect(throws: EventCodecError.self) {
            try EventCodec.decode(OrderAccepted.self, from: Array(text.utf8))
        }
        #expect(again?.reason == reason)
    }

    @Test func aRepeatedNameIsRefused() {
        for (text, name) in [
            (#"{"amount_fen":1,"amount_fen":2}"#, "amount_fen"),
            (#"{"a":1,"\u0061":1}"#, "a"),
            (#"{"agent_signatures":[],"agent_signatures":[]}"#, "agent_signatures"),
        ] {
            guard case .failure(let error) = Self.ours(Array(text.utf8)) else {
                Issue.record("\(text) was read")
                continue
            }
            #expect(error.detail == "\(name): is repeated")
        }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        for bytes: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80], [0xE7, 0xBB],
        ] {
            let json = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
            guard case .failure(let error) = Self.ours(json) else {
                Issue.record("\(bytes) was read")
                continue
            }
            #expect(error.reason == "malformed_json")
        }
    }

    @Test func hotEventsComeBackAsTheyWere() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0...0x2_FFFF, using: &random))
                    }))
            let time = Timestamp(
                microseconds: .random(in: 0...4_000_000_000_000_000, using: &random))
            let envelope = Envelope(
                eventID: .make(at: time, using: &random), eventType: text, occurredAt: time)
            let rejected = OrderRejected(
                envelope: envelope, orderNo: text, merchantNo: text, merchantOrderNo: text,
                code: "c", detail: text, httpStatus: 401,
                submissionID: .make(at: time, using: &random))
            #expect(try OrderRejected(json: rejected.json()) == rejected)
            let accepted = OrderAccepted(
                envelope: envelope, orderNo: text, merchantNo: text, merchantOrderNo: text,
                product: .wap, amountFen: Money(fen: 7), status: .paying,
                payURL: Bool.random(using: &random) ? text : nil, acceptedAt: EventTime(time),
                expiresAt: EventTime(time), submissionID: .make(at: time, using: &random),
                repeated: Bool.random(using: &random))
            #expect(try OrderAccepted(json: accepted.json()) == accepted)
            // What we write any JSON reader reads.
            #expect(
                (try JSONSerialization.jsonObject(with: Data(accepted.json())) as? [String: Any])?[
                    "order_no"] as? String == text)
        }
    }

    @Test func aRequestIsWrittenAsItWasRead() throws {
        var random = SplitMix64(seed: 11)
        func text() -> String {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2_FFFF, using: &random))
            }
            return String(String.UnicodeScalarView(scalars.filter(isSigned)))
        }
        // A request with another is refused.
        func isSigned(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: scalar != "=" && scalar != "&"
            }
        }
        func fields(_ count: Int) -> [String: RequestScalar] {
            var fields: [String: RequestScalar] = [:]
            for index in 0..<count {
                fields["\(index)" + text()] =
                    switch Int.random(in: 0...3, using: &random) {
                    case 0: .integer(.random(in: .min ... .max, using: &random))
                    case 1: .flag(.random(using: &random))
                    case 2: .null
                    default: .text(text())
                    }
            }
            return fields
        }
        for count in 0..<300 {
            let request = RequestFields(
                fields(count % 20),
                agentSignatures: (0..<count % 4).map { _ in RequestFields(fields(3)) })
            let written = request.json()
            let read = try EventCodec.decode(RequestFields.self, from: written)
            #expect(read == request)
            // What we write any JSON reader reads.
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(written)) as? [String: Any])
            for (name, scalar) in request.scalars {
                if case .text(let text) = scalar { #expect(object[name] as? String == text) }
                if case .integer(let number) = scalar {
                    #expect((object[name] as? NSNumber)?.int64Value == number)
                }
            }
        }
    }

    // MARK: Both readers

    private static func ours(_ bytes: [UInt8]) -> Result<RequestFields, EventCodecError> {
        Result { () throws(EventCodecError) in
            try EventCodec.decode(RequestFields.self, from: bytes)
        }
    }

    private static func oracle(_ bytes: [UInt8]) -> Result<RequestFields, any Error> {
        Result { try JSONDecoder().decode(OracleMembers.self, from: Data(bytes)).fields }
    }

    // Foundation takes the one of two that it meets first, 1.0 and 1e0 for whole numbers, a comma
    // before the end, odd escapes, other encodings than UTF-8, and control characters.
    private static let stricter = [
        "is repeated", "must be text, a whole number", "isn't UTF-8", "a value is expected",
        "a string is expected", "an escape is malformed", "contains a control character",
        "a field's name",
    ]

    private static func mutated(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(valid.utf8)
        let alphabet = Array("{}[]\",:\\/ \n\t0129.eE+-utrflasn\u{0}\u{7f}é".utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            case 1: bytes.remove(at: place)
            case 2:
                bytes.insert(
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
            case 3: bytes.removeSubrange(place..<min(place + 9, bytes.count))
            default:
                let end = min(place + Int.random(in: 1...20, using: &random), bytes.count)
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: end)
            }
        }
        return bytes
    }
}

/// Request fields as Foundation's decoder reads them.
private struct OracleMembers: Decodable {
    let fields: RequestFields

    private enum Value: Decodable {
        case scalar(RequestScalar)
        case agents([[String: Scalar]])

        init(from decoder: any Decoder) throws {
            if let agents = try? [[String: Scalar]](from: decoder) {
                self = .agents(agents)
            } else {
                self = .scalar(try Scalar(from: decoder).value)
            }
        }
    }

    private struct Scalar: Decodable {
        let value: RequestScalar
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let text = try? container.decode(String.self) {
                value = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                value = .flag(flag)
            } else {
                value = .integer(try container.decode(Int64.self))
            }
        }
    }

    init(from decoder: any Decoder) throws {
        let object = try [String: Value](from: decoder)
        var scalars: [String: RequestScalar] = [:]
        var agents: [RequestFields] = []
        for (name, value) in object {
            switch value {
            case .agents(let list) where name == RequestFields.agentSignaturesName:
                agents = list.map { RequestFields($0.mapValues(\.value)) }
            case .scalar(.null) where name == RequestFields.agentSignaturesName: break
            case .scalar(let scalar) where name != RequestFields.agentSignaturesName:
                scalars[name] = scalar
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "a list where none may be"))
            }
        }
        fields = RequestFields(scalars, agentSignatures: agents)
    }
}

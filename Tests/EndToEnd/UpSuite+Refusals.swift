import Events
import Foundation
import Kafka
import Payments
import TestStack
import TestWaiting
import Testing

/// An order that is refused, and how.
private struct Refused {
    let number: String
    let request: SignedRequest
    let status: Int
    let code: String

    init(
        _ status: Int, _ code: String, _ shop: Shop, at time: Timestamp = .now,
        product: String = "PC", change: (inout SignedRequest) throws -> Void = { _ in }
    ) throws {
        number = Shop.number()
        var request = try shop.order(number, product: product, at: time)
        try change(&request)
        self.request = request
        self.status = status
        self.code = code
    }
}

extension OutsideTests.UpSuite {
    @Test func refusalsAreAnsweredAndPublished() async throws {
        let shop = try stack.shop("M2005")
        let cases = [
            try Refused(401, "bad_signature", shop) { $0.fields["subject"] = "另一件" },
            try Refused(401, "bad_signature", stack.shop("M2001")) {
                $0.agentSignatures[0]["sign"] = "0123456789abcdef0123456789abcdef"
            },
            try Refused(401, "unknown_key", shop) { $0.fields["key_version"] = 9 },
            try Refused(401, "unknown_key", shop) { $0.fields["sign_type"] = "RSA2" },
            try Refused(401, "timestamp_out_of_window", shop, at: .now.adding(seconds: -660)),
            try Refused(401, "timestamp_out_of_window", shop, at: .now.adding(seconds: 660)),
            try Refused(403, "unknown_merchant", shop) { $0.fields["merchant_no"] = "M9999" },
            try Refused(403, "product_not_allowed", stack.shop("M2007"), product: "APP"),
            try Refused(401, "agent_signature_missing", stack.shop("M2007")) {
                $0.agentSignatures.removeLast()
            },
            try Refused(403, "not_an_agent", stack.shop("M2001")) {
                $0.agentSignatures[0]["agent_no"] = "A1003"
            },
        ]
        for refused in cases {
            let answer = try await stack.submit(refused.request)
            let isRefused = answer.isProblem(refused.status, refused.code)
            #expect(isRefused, "\(refused.code): \(answer.text)")
        }
        let published = try await rejections(of: Set(cases.map(\.number)))
        for refused in cases {
            #expect(published[refused.number]?.code == refused.code)
            #expect(published[refused.number]?.httpStatus == refused.status)
        }
        let stored = try await stack.texts("select merchant_order_no from orders")
        #expect(Set(stored).isDisjoint(with: cases.map(\.number)))
    }

    @Test func malformedRequestsAreRefused() async throws {
        let shop = try stack.shop("M2005")
        func order(_ change: (inout SignedRequest) -> Void) throws -> [UInt8] {
            var request = try shop.order(Shop.number())
            change(&request)
            return try request.json()
        }
        let deep = Array((#"{"a":"# + String(repeating: "[", count: 17) + "1").utf8)
        let bodies: [(String, [UInt8])] = [
            ("nothing", []), ("not JSON", Array("{\"merchant_no\":".utf8)),
            ("not an object", Array("[]".utf8)), ("not UTF-8", [0x7B, 0xFF, 0x7D]),
            ("too deep", deep + Array((String(repeating: "]", count: 17) + "}").utf8)),
            ("a number as text", try order { $0.fields["amount_fen"] = "9850" }),
            ("a text as number", try order { $0.fields["subject"] = 7 }),
            ("no subject", try order { $0.fields["subject"] = nil }),
            ("no sign", try order { $0.fields["sign"] = nil }),
            ("amount 0", try order { $0.fields["amount_fen"] = 0 }),
            ("amount -1", try order { $0.fields["amount_fen"] = -1 }),
            ("too much", try order { $0.fields["amount_fen"] = 10_000_000_001 }),
            ("another currency", try order { $0.fields["currency"] = "USD" }),
            ("another product", try order { $0.fields["product"] = "FAX" }),
            ("not a time", try order { $0.fields["timestamp"] = "yesterday" }),
            ("a line break", try order { $0.fields["subject"] = "a\nb" }),
            ("NUL", try order { $0.fields["x_note"] = "a\u{0}b" }),
            ("not a URL", try order { $0.fields["notify_url"] = "file:///etc/passwd" }),
        ]
        for (what, body) in bodies {
            let answer = try await stack.client.post("/v1/orders", json: body)
            #expect(answer.isProblem(400, "malformed"), "\(what): \(answer.status) \(answer.text)")
        }
    }

    /// The signature worker is slower than the gateway waits, or the merchant published by itself.
    @Test func anOrderThatWasRefusedIsShownAsRejected() async throws {
        let shop = try stack.shop("M2005")
        let refused = try Refused(401, "bad_signature", shop) { $0.fields["subject"] = "另一件" }
        _ = try await stack.submit(refused.request)
        let shown = try await stack.show(refused.number, of: shop)
        #expect(shown.status == 200, "\(shown.text)")
        #expect(shown["status"] == "rejected")
        #expect(shown["code"] == "bad_signature")
        #expect(shown["detail"]?.isEmpty == false)
        // The same number with a right signature is an order, and shown as one.
        let taken = try await stack.submit(shop.order(refused.number))
        #expect(taken.status == 201, "\(taken.text)")
        #expect(try await stack.show(refused.number, of: shop)["status"] == "accepted")
    }

    /// What a producer that isn't ours writes beside a signed order is checked like the order.
    @Test func submissionsFromOutsideThatCannotBeTrustedAreRejected() async throws {
        let shop = try stack.shop("M2005")
        func record(
            _ orderNo: String, _ number: String, at time: Timestamp = .now,
            _ more: [String: SignedRequest.Value] = [:]
        ) throws -> ProducerRecord {
            ProducerRecord(
                topic: "orders.submitted", key: Array(shop.merchantNo.utf8),
                value: try OwnSystem.submission(
                    shop.order(number, at: time, more), orderNo: orderNo, at: time))
        }
        let numbers = (0..<5).map { _ in Shop.number() }
        let wide = String(repeating: "x", count: 4_000)
        try await stack.publish([
            // Signed long ago, and said to have been received then.
            record("T20261123E1", numbers[0], at: .now.adding(seconds: -86_400)),
            record("T20261123E2", numbers[1], at: .now.adding(seconds: 86_400)),
            record("T-1; drop table", numbers[2]),
            record(#"T\u0000"#, numbers[3]),
            record(
                "T20261123E5", numbers[4],
                Dictionary(uniqueKeysWithValues: (0..<20).map { ("x\($0)", .text(wide)) })),
        ])
        let published = try await rejections(of: Set(numbers))
        #expect(
            numbers.map { published[$0]?.code } == [
                "received_at_out_of_window", "received_at_out_of_window", "malformed", "malformed",
                "body_too_large",
            ])
        for number in numbers {
            #expect(try await stack.show(number, of: shop)["status"] == "rejected")
        }
        let deadLetters = try await stack.texts(
            "select reason from dead_letters where record_key = '\(shop.merchantNo)'::bytea "
                + "and position(convert_to('\(numbers[0])', 'UTF8') in record_value) > 0")
        #expect(deadLetters.isEmpty)
    }

    @Test(arguments: [
        ("/v1/orders", "POST"), ("/v1/orders/X/close", "POST"), ("/v1/orders/X/refunds", "POST"),
        ("/v1/channels/alipay/notify", "POST"),
    ])
    func aWrongMethodIsAnsweredWithTheRightOnes(path: String, allowed: String) async throws {
        let answer = try await stack.client.get(path)
        #expect(answer.isProblem(405, "method_not_allowed"), "\(answer.text)")
        #expect(answer["detail"]?.contains(allowed) == true)
        #expect(answer["trace_id"]?.count == 32)
    }

    @Test func largeBodiesAreRefused() async throws {
        let shop = try stack.shop("M2005")
        var request = try shop.order(Shop.number())
        request.fields["attach"] = .text(String(repeating: "a", count: 65_537))
        let answer = try await stack.submit(request)
        #expect(answer.isProblem(413, "body_too_large"), "\(answer.status) \(answer.text)")
    }

    // What orders.rejected holds of these orders.
    private func rejections(of numbers: Set<String>) async throws -> [String: OrderRejected] {
        let reader = try KafkaReader(
            settings: KafkaSettings(brokers: stack.endpoints.kafkaBrokers),
            topics: [OrderRejected.topic], from: .beginning, logger: quiet)
        try await reader.waitUntilPositioned()
        var found: [String: OrderRejected] = [:]
        let all = try? await eventually("each refusal is published") {
            for record in try await reader.poll(maxRecords: 1_000, wait: .milliseconds(100)) {
                let event = try EventCodec.decode(OrderRejected.self, from: record.value)
                #expect(record.key.map { String(decoding: $0, as: UTF8.self) } == event.orderNo)
                if numbers.contains(event.merchantOrderNo) { found[event.merchantOrderNo] = event }
            }
            return found.count == numbers.count ? found : nil
        }
        await reader.close()
        return all ?? found
    }
}

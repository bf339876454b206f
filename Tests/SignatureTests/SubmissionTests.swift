import Events
import Kafka
import Payments
import Testing

@testable import Signature

@Suite struct SubmissionTests {
    private func error(of record: KafkaRecord) -> EventCodecError? {
        do {
            _ = try Submission(reading: record)
            return nil
        } catch {
            return error
        }
    }

    private func record(_ value: String) -> KafkaRecord {
        KafkaRecord(
            topicPartition: TopicPartition(topic: OrderSubmitted.topic, partition: 0), offset: 0,
            key: nil, value: Array(value.utf8))
    }

    @Test func aSubmissionIsReadWhole() throws {
        let submission = try SignedOrder().submission()
        #expect(submission.event.orderNo == "T1")
        #expect(submission.event.order.merchantNo == "M1")
        #expect(submission.event.receivedAt.timestamp == SignedOrder.signedAt)
        #expect(submission.contentDigest.count == 32)
        #expect(!submission.isAnsweredByGateway)
    }

    @Test func timeNonceAndSignatureDoNotMakeAnotherOrder() throws {
        let first = try SignedOrder().submission()
        var again = try SignedOrder(changing: [
            "timestamp": .text(SignedOrder.signedAt.adding(seconds: 60).rfc3339),
            "nonce": .text("other"), "client_ip": .text("203.0.113.9"),
        ])
        try again.sign(
            .hmacSHA256, version: 2,
            with: SigningKey(signType: .hmacSHA256, secret: TestParties.hmac))
        #expect(try again.submission().contentDigest == first.contentDigest)
    }

    @Test(arguments: [
        ("amount_fen", RequestScalar.integer(9_851)), ("subject", .text("Black tea")),
        ("product", .text("WAP")), ("merchant_order_no", .text("SHOP-2")),
        ("notify_url", .text("https://shop.example/n")), ("attach", .text("x")),
        ("expires_in_seconds", .integer(60)), ("unknown_field", .text("x")),
    ])
    func anyBusinessFieldMakesAnotherOrder(name: String, value: RequestScalar) throws {
        let other = try SignedOrder(changing: [name: value]).submission()
        #expect(try SignedOrder().submission().contentDigest != other.contentDigest)
    }

    @Test func onlyTheGatewaysHeaderMakesTheGatewayReply() throws {
        func isAnswered(_ value: String) throws -> Bool {
            let header = KafkaHeader(
                name: OrderSubmitted.answeredByHeader, value: Array(value.utf8))
            return try SignedOrder().submission(headers: [header]).isAnsweredByGateway
        }
        #expect(try isAnswered(OrderSubmitted.byGateway))
        #expect(try !isAnswered("shop"))
        #expect(try !isAnswered(""))
    }

    @Test func aTraceIsContinuedAndMadeWhereThereIsNone() throws {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let header = KafkaHeader(name: "traceparent", value: Array(trace.utf8))
        let continued = try SignedOrder().submission(headers: [header])
        #expect(TraceContext(continued.traceparent)?.traceID == TraceContext(trace)?.traceID)
        let made = try SignedOrder().submission().traceparent
        #expect(TraceContext(made) != nil)
        #expect(try SignedOrder().submission().traceparent != made)
    }

    @Test(arguments: [
        ("amount_fen", RequestScalar.integer(0)), ("amount_fen", .integer(10_000_000_001)),
        ("amount_fen", .integer(-1)), ("currency", .text("USD")), ("product", .text("QR")),
        ("subject", .text("a\u{0}b")), ("expires_in_seconds", .integer(59)),
        ("merchant_order_no", .text("A B")), ("sign_type", .text("SHA1")),
    ])
    func aBodyOutsideTheContractIsRefusedNamingTheField(
        name: String, value: RequestScalar
    ) throws {
        let rejection = try rejection(order: { $0.fields[name] = value })
        #expect(rejection.code == "malformed")
        #expect(rejection.httpStatus == 400)
        #expect(rejection.detail.contains("order.\(name)"), "\(rejection.detail)")
        #expect(rejection.merchantNo == "M1")
        #expect(rejection.merchantOrderNo == (name == "merchant_order_no" ? "A B" : "SHOP-1"))
    }

    // Not through the product's types: they can't hold all of this.
    private func json(
        orderNo: String = "T1", time: String = SignedOrder.signedAt.rfc3339,
        eventID: String = "\(EventID.make(at: SignedOrder.signedAt))",
        order change: (inout SignedOrder) -> Void = { _ in }
    ) throws -> String {
        var order = try SignedOrder()
        change(&order)
        let body = String(decoding: RequestFields(order.fields).json(), as: UTF8.self)
        return #"{"event_id":"\#(eventID)","event_type":"order.submitted","schema_version":1,"#
            + #""occurred_at":"\#(time)","order_no":"\#(orderNo)","received_at":"\#(time)","#
            + #""order":\#(body)}"#
    }

    private func rejection(
        orderNo: String = "T1", order change: (inout SignedOrder) -> Void = { _ in }
    ) throws -> OrderRejected {
        let id = EventID.make(at: SignedOrder.signedAt)
        let read = ReadSubmission(
            record(try json(orderNo: orderNo, eventID: "\(id)", order: change)))
        guard case .refused(let refused) = read else { throw Unexpected(read: "\(read)") }
        let rejection = refused.rejection(at: SignedOrder.signedAt)
        #expect(rejection.submissionID == id)
        #expect(!refused.refusal.isAuthenticated(for: "M1"))
        return rejection
    }

    private struct Unexpected: Error { let read: String }

    @Test(arguments: [
        "", "T-1", "T 1", "T1'--", #"T\u00001"#, #"T1\n"#, "订单",
        String(repeating: "T", count: 65),
    ])
    func anOrderNumberOfAnotherFormIsRefused(orderNo: String) throws {
        let rejection = try rejection(orderNo: orderNo)
        #expect(rejection.code == "malformed")
        #expect(rejection.detail.contains("order_no"))
        // Stored and published, so it holds nothing that a database refuses.
        #expect(!rejection.orderNo.utf8.contains { $0 < 0x20 })
        #expect(rejection.orderNo.count <= 64)
    }

    @Test(arguments: ["T1", "20261120101530000001", "T20261123C17", "a_B9"])
    func anOrderNumberThatTheChannelAcceptsIsOne(orderNo: String) throws {
        guard case .order(let submission) = ReadSubmission(record(try json(orderNo: orderNo)))
        else { throw Unexpected(read: orderNo) }
        #expect(submission.event.orderNo == orderNo)
    }

    @Test func aRecordOverTheLimitIsRefused() throws {
        let rejection = try rejection { order in
            for index in 0..<1_000 {
                order.fields["x\(index)"] = .text(String(repeating: "x", count: 64))
            }
        }
        #expect(rejection.code == "body_too_large")
        #expect(rejection.httpStatus == 413)
    }

    @Test func aTimeOfTheRecordThatIsNoneIsIgnored() throws {
        for milliseconds in [Int64.max, .min, -1, 253_402_300_800_000] {
            let value = Array(try json().utf8)
            let submission = try Submission(
                reading: KafkaRecord(
                    topicPartition: TopicPartition(topic: OrderSubmitted.topic, partition: 0),
                    offset: 0, timestampMilliseconds: milliseconds, key: nil, value: value))
            #expect(submission.recordedAt == nil)
        }
    }

    @Test(arguments: ["", "{", "[]", "{}", #"{"order":{}}"#, #"{"event_type":"order.submitted"}"#])
    func aRecordThatIsNoSubmissionIsPoison(value: String) {
        guard case .poison(let error) = ReadSubmission(record(value)) else {
            Issue.record("\(value) is no submission")
            return
        }
        #expect(["malformed_json", "schema_mismatch"].contains(error.reason))
    }

    @Test func theErrorOfARecordThatIsNoSubmissionSaysWhatIsWrong() {
        #expect(error(of: record(""))?.reason == "malformed_json")
        #expect(error(of: record("{"))?.reason == "malformed_json")
        #expect(error(of: record("[]"))?.reason == "schema_mismatch")
        #expect(error(of: record("{}"))?.detail.contains("event_id") == true)
    }

    @Test func theBatchsPartiesAreItsMerchantsAndSigningAgents() throws {
        var order = try SignedOrder()
        try order.sign(agent: "A2", .hmacSHA256, secret: "a2-secret")
        let other = try SignedOrder(changing: ["merchant_no": .text("M2")])
        #expect(try [order.submission(), other.submission()].partyNos == ["M1", "M2", "A2"])
    }
}

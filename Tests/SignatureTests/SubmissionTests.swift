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
    func aBodyOutsideTheContractIsPoisonThatNamesTheField(
        name: String, value: RequestScalar
    ) throws {
        var order = try SignedOrder()
        order.fields[name] = value
        let body = String(decoding: RequestFields(order.fields).json(), as: UTF8.self)
        let time = SignedOrder.signedAt.rfc3339
        let json =
            #"{"event_id":"\#(EventID.make(at: SignedOrder.signedAt))","#
            + #""event_type":"order.submitted","schema_version":1,"occurred_at":"\#(time)","#
            + #""order_no":"T1","received_at":"\#(time)","order":\#(body)}"#
        let error = try #require(self.error(of: record(json)))
        #expect(error.reason == "schema_mismatch")
        #expect(error.detail.contains("order.\(name)"), "\(error.detail)")
    }

    @Test func aRecordThatIsNoSubmissionIsPoison() {
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

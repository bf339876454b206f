import Events
import Kafka
import Payments
import Testing

@testable import Gateway

/// Which pending request a record replies to.
@Suite struct ReplyReaderTests {
    private let id = EventID.make(at: TestGateway.now)

    private func reply(
        to key: PendingReplies.CorrelationKey, _ topic: String, _ value: [UInt8]
    ) async throws -> PendingReplies.Reply? {
        let pending = PendingReplies(limit: 1)
        let reader = ReplyReader(
            role: try TestGateway.role(), pending: pending, readiness: ReaderReadiness())
        let record = KafkaRecord(
            topicPartition: TopicPartition(topic: topic, partition: 0), offset: 0, key: nil,
            value: value)
        return try await pending.reply(to: key, within: .zero) {
            await reader.resolve(record)
        }.1
    }

    private var rejection: OrderRejected {
        OrderRejected(
            envelope: OrderRejected.envelope(at: TestGateway.now), orderNo: "T1",
            merchantNo: "M1", merchantOrderNo: "SHOP-1", code: "bad_signature", detail: "no",
            httpStatus: 401, submissionID: id)
    }

    private func change(_ refundNo: String?) throws -> [UInt8] {
        try OrderChanged(
            envelope: OrderChanged.envelope(
                refundNo == nil ? .closed : .refunded, at: TestGateway.now),
            orderNo: "T1", merchantNo: "M1", merchantOrderNo: "SHOP-1", product: .pc,
            amountFen: Money(fen: 1), refundedFen: .zero, status: .closed, version: 2,
            late: false, refundNo: refundNo
        ).json()
    }

    @Test func aDecisionRepliesToItsSubmission() async throws {
        let value = rejection.json()
        let own = try await reply(to: .submission(id), OrderRejected.topic, value)
        guard case .rejected(let event) = own else {
            Issue.record("\(String(describing: own))")
            return
        }
        #expect(event.code == "bad_signature")
        let other = EventID.make(at: TestGateway.now)
        #expect(try await reply(to: .submission(other), OrderRejected.topic, value) == nil)
    }

    @Test func aChangeRepliesToItsOrderAndItsRefund() async throws {
        #expect(try await reply(to: .order("T1"), OrderChanged.topic, change(nil)) != nil)
        #expect(try await reply(to: .order("T2"), OrderChanged.topic, change(nil)) == nil)
        #expect(try await reply(to: .refund("R1"), OrderChanged.topic, change("R1")) != nil)
        #expect(try await reply(to: .refund("R2"), OrderChanged.topic, change("R1")) == nil)
        #expect(try await reply(to: .refund("R1"), OrderChanged.topic, change(nil)) == nil)
    }

    @Test(arguments: [OrderAccepted.topic, OrderRejected.topic, OrderChanged.topic])
    func aRecordThatCannotBeDecodedRepliesToNobody(topic: String) async throws {
        for value in ["", "{", "{}", "[]"] {
            #expect(try await reply(to: .order("T1"), topic, Array(value.utf8)) == nil)
        }
    }
}

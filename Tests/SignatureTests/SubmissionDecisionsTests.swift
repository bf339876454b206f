import Channels
import Events
import Kafka
import Payments
import Testing
import WorkerRuntime

@testable import Signature
@testable import Store

/// What each submission of a batch is replied to with.
@Suite struct SubmissionDecisionsTests {
    private let now = SignedOrder.signedAt

    /// Submissions and the orders that they make.
    private struct Batch {
        var submissions: [Submission] = []
        var candidates: [SubmissionDecisions.Candidate] = []

        mutating func add(_ order: SignedOrder, byGateway: Bool = false) throws {
            let header = KafkaHeader(
                name: OrderSubmitted.answeredByHeader, value: Array(OrderSubmitted.byGateway.utf8))
            let submission = try order.submission(headers: byGateway ? [header] : [])
            let check = SubmissionCheck(
                of: [submission], parties: try TestParties().snapshot(), account: .test,
                now: SignedOrder.signedAt)
            let decision = check.decide(
                CheckedSubmission(submission: submission, signatures: nil),
                eventID: .make(at: SignedOrder.signedAt))
            switch decision {
            case .accept(let order):
                candidates.append(.init(index: submissions.count, order: order))
            case .refuse(let refusal): throw refusal
            }
            submissions.append(submission)
        }
    }

    private func order(
        _ orderNo: String, _ merchantOrderNo: String, fen: Int64 = 9_850
    ) throws -> SignedOrder {
        var order = try SignedOrder(changing: [
            "merchant_order_no": .text(merchantOrderNo), "amount_fen": .integer(fen),
        ])
        order.orderNo = orderNo
        return order
    }

    private func row(
        of order: NewOrder, orderNo: String = "T0", status: OrderStatus = .paid
    ) -> ExistingOrders.Row {
        ExistingOrders.Row(
            orderNo: orderNo, merchantNo: order.request.merchantNo,
            merchantOrderNo: order.request.merchantOrderNo, contentDigest: order.contentDigest,
            status: status, acceptedAt: now.adding(seconds: -50),
            expiresAt: now.adding(seconds: 50))
    }

    @Test func onlyTheFirstOfANumberIsCopied() throws {
        var batch = Batch()
        for (orderNo, merchantOrderNo) in [
            ("T1", "m1"), ("T2", "m2"), ("T1", "m1"), ("T3", "m2"), ("T4", "m4"), ("T1", "m5"),
        ] {
            try batch.add(order(orderNo, merchantOrderNo))
        }
        let first = SubmissionDecisions.withoutRepeats(batch.candidates)
        #expect(first.map(\.index) == [0, 1, 4])
    }

    private func events(_ decisions: SubmissionDecisions) async throws -> [OutgoingEvent] {
        try await decisions.events { request, time in
            .url("https://pay.example/\(request.orderNo)?at=\(time.microseconds)")
        }
    }

    @Test func newOrdersAreAcceptedInTheOrderOfTheirSubmissions() async throws {
        var batch = Batch()
        for number in 1...20 { try batch.add(order("T\(number)", "SHOP-\(number)")) }
        var decisions = SubmissionDecisions(on: batch.submissions, now: now)
        decisions.accept(batch.candidates)
        let events = try await events(decisions).map {
            try EventCodec.decode(OrderAccepted.self, from: $0.value)
        }
        #expect(events.map(\.orderNo) == (1...20).map { "T\($0)" })
        #expect(events.allSatisfy { !$0.repeated && $0.status == .accepted })
        #expect(
            events.map(\.submissionID) == batch.submissions.map(\.event.envelope.eventID))
        #expect(decisions.rejections.isEmpty)
    }

    @Test func theSameContentUnderAUsedNumberGetsTheFirstOrderAgain() async throws {
        var batch = Batch()
        try batch.add(order("T2", "SHOP-1"))
        var decisions = SubmissionDecisions(on: batch.submissions, now: now)
        let used = decisions.accept(batch.candidates, stored: [])
        #expect(used.map(\.index) == [0])
        decisions.repeated(used, existing: [row(of: used[0].order, orderNo: "T1")])
        let event = try EventCodec.decode(
            OrderAccepted.self, from: try #require(try await events(decisions).first).value)
        #expect(event.repeated)
        #expect(event.orderNo == "T1")
        #expect(event.status == .paid)
        #expect(event.acceptedAt.timestamp == now.adding(seconds: -50))
        #expect(event.expiresAt.timestamp == now.adding(seconds: 50))
        // Signed as of the first acceptance, so that it is the same as in the first reply.
        #expect(
            event.payURL
                == "https://pay.example/T1?at=\(now.adding(seconds: -50).microseconds)")
        #expect(decisions.rejections.isEmpty)
    }

    @Test func otherContentUnderAUsedNumberIsRefused() async throws {
        var first = Batch()
        try first.add(order("T1", "SHOP-1"))
        var batch = Batch()
        try batch.add(order("T2", "SHOP-1", fen: 1))
        var decisions = SubmissionDecisions(on: batch.submissions, now: now)
        let used = decisions.accept(batch.candidates, stored: [])
        decisions.repeated(used, existing: [row(of: first.candidates[0].order, orderNo: "T1")])
        let rejection = try #require(decisions.rejections.first)
        #expect(rejection.httpStatus == 409)
        #expect(rejection.code == "merchant_order_no_used")
        #expect(rejection.orderNo == "T2")
        #expect(rejection.detail.contains("T1"))
        #expect(try await events(decisions).map(\.topic) == [OrderRejected.topic])
    }

    @Test func theNumberOfAnotherMerchantIsNotUsed() throws {
        var batch = Batch()
        try batch.add(order("T2", "SHOP-1"))
        let own = batch.candidates[0].order
        let foreign = ExistingOrders.Row(
            orderNo: "T1", merchantNo: "M2", merchantOrderNo: "SHOP-1",
            contentDigest: own.contentDigest, status: .paid, acceptedAt: now, expiresAt: now)
        var decisions = SubmissionDecisions(on: batch.submissions, now: now)
        decisions.repeated(batch.candidates, existing: [foreign, row(of: own, orderNo: "T0")])
        #expect(decisions.rejections.isEmpty)
        decisions.repeated(batch.candidates, existing: [foreign])
        #expect(decisions.rejections.map(\.code) == ["merchant_order_no_used"])
    }

    @Test func aRecordTwiceInOneBatchMakesOneOrder() async throws {
        var batch = Batch()
        for _ in 1...2 { try batch.add(order("T1", "SHOP-1")) }
        var decisions = SubmissionDecisions(on: batch.submissions, now: now)
        let used = decisions.accept(batch.candidates, stored: ["T1"])
        #expect(used.map(\.index) == [1])
        decisions.repeated(used, existing: [row(of: used[0].order, orderNo: "T1")])
        let events = try await events(decisions).map {
            try EventCodec.decode(OrderAccepted.self, from: $0.value)
        }
        #expect(events.map(\.repeated) == [false, true])
        #expect(events.map(\.orderNo) == ["T1", "T1"])
    }

    @Test func thePayHandleIsSignedHereUnlessAGatewayReplies() async throws {
        var batch = Batch()
        try batch.add(order("T1", "SHOP-1"), byGateway: true)
        try batch.add(order("T2", "SHOP-2"))
        var decisions = SubmissionDecisions(on: batch.submissions, now: now)
        decisions.accept(batch.candidates)
        let events = try await events(decisions).map {
            try EventCodec.decode(OrderAccepted.self, from: $0.value)
        }
        #expect(events[0].payURL == nil)
        #expect(events[1].payURL?.contains("T2") == true)
    }

    @Test func aRefusalNamesTheSubmissionAndCarriesItsTrace() async throws {
        let submission = try SignedOrder().submission()
        var decisions = SubmissionDecisions(on: [submission], now: now)
        decisions.refuse(0, .badSignature(of: "M1"))
        let rejection = try #require(decisions.rejections.first)
        #expect(rejection.submissionID == submission.event.envelope.eventID)
        #expect(rejection.merchantNo == "M1")
        #expect(rejection.merchantOrderNo == "SHOP-1")
        #expect(rejection.code == "bad_signature")
        let event = try #require(try await events(decisions).first)
        #expect(
            event.headers.contains {
                $0.name == "traceparent" && $0.value == Array(submission.traceparent.utf8)
            })
    }
}

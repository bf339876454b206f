import Channels
import Events
import HTTPTypes
import Hummingbird
import Payments
import Store
import Testing

@testable import Gateway

@Suite struct SubmitOrderTests {
    private let body = Array(
        (#"{"merchant_no":"M1","merchant_order_no":"SHOP-1","product":"PC","amount_fen":9850,"#
            + #""currency":"CNY","subject":"Green tea","timestamp":"2026-11-20T10:15:29.871Z","#
            + #""nonce":"b0c4","sign_type":"MD5","key_version":1,"sign":"55e5"}"#).utf8)

    private func route(
        _ publisher: TestPublisher, _ pending: PendingReplies = PendingReplies(limit: 10),
        wait: Duration = .seconds(60), quotas: CallerQuotas = TestGateway.quotas()
    ) throws -> SubmitOrder {
        SubmitOrder(
            role: try TestGateway.role(), producer: publisher,
            payHandle: { request, time in
                switch request.product {
                case .app: .parameters("\(request.orderNo) at \(time.rfc3339)")
                case .pc, .wap: .url("https://pay.example/\(request.orderNo)?\(time.rfc3339)")
                }
            }, pending: pending, quotas: quotas, wait: wait)
    }

    private static func submitted(_ events: [OutgoingEvent]) throws -> OrderSubmitted {
        try EventCodec.decode(OrderSubmitted.self, from: try #require(events.first).value)
    }

    private static func accepted(
        _ submission: OrderSubmitted, orderNo: String? = nil, repeated: Bool = false
    ) -> OrderAccepted {
        OrderAccepted(
            envelope: OrderAccepted.envelope(at: TestGateway.now),
            orderNo: orderNo ?? submission.orderNo, merchantNo: submission.order.merchantNo,
            merchantOrderNo: submission.order.merchantOrderNo, product: submission.order.product,
            amountFen: submission.order.amount, status: .accepted,
            acceptedAt: EventTime(TestGateway.now),
            expiresAt: EventTime(TestGateway.now.adding(seconds: 7_200)),
            submissionID: submission.envelope.eventID, repeated: repeated)
    }

    /// A publisher whose submission is replied to before the broker acknowledges it.
    private func publisher(
        _ pending: PendingReplies,
        replying reply: @escaping @Sendable (OrderSubmitted) -> PendingReplies.Reply
    ) -> TestPublisher {
        TestPublisher { events in
            let submission = try Self.submitted(events)
            await pending.resolve(
                .submission(submission.envelope.eventID), with: reply(submission))
        }
    }

    @Test func anAcceptedOrderIsRepliedToWith201AndWhereThePayerPays() async throws {
        let pending = PendingReplies(limit: 10)
        let publisher = publisher(pending) { .accepted(Self.accepted($0)) }
        let response = try await route(publisher, pending).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: "203.0.113.9",
            trace: .new())
        let submission = try Self.submitted(publisher.events)
        #expect(response.status == .created)
        #expect(
            try await response.text()
                == #"{"expires_at":"\#(TestGateway.now.adding(seconds: 7_200).rfc3339)","#
                + #""merchant_order_no":"SHOP-1","order_no":"\#(submission.orderNo)","#
                + #""pay_url":"https://pay.example/\#(submission.orderNo)?"#
                + #"\#(TestGateway.now.rfc3339)","status":"accepted"}"#)
    }

    @Test func theSameOrderAgainIsRepliedToWith200AndTheFirstOrder() async throws {
        let pending = PendingReplies(limit: 10)
        let publisher = publisher(pending) {
            .accepted(Self.accepted($0, orderNo: "T-FIRST", repeated: true))
        }
        let response = try await route(publisher, pending).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: nil, trace: .new())
        #expect(response.status == .ok)
        #expect(try await response.text().contains(#""order_no":"T-FIRST""#))
    }

    @Test func aRejectionIsRepliedToAsItSays() async throws {
        let pending = PendingReplies(limit: 10)
        let publisher = publisher(pending) { submission in
            .rejected(
                OrderRejected(
                    envelope: OrderRejected.envelope(at: TestGateway.now),
                    orderNo: submission.orderNo, merchantNo: "M1", merchantOrderNo: "SHOP-1",
                    code: "bad_signature", detail: "no", httpStatus: 401,
                    submissionID: submission.envelope.eventID))
        }
        let route = try route(publisher, pending)
        await #expect(throws: Problem(401, "bad_signature", "no")) {
            try await route.respond(
                to: TestGateway.request(.post, "/v1/orders", body), remoteIP: nil, trace: .new())
        }
    }

    @Test func anOrderWithoutADecisionInTimeIsRepliedToWith202AndItsNumber() async throws {
        let publisher = TestPublisher()
        let response = try await route(publisher, wait: .milliseconds(1)).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: nil, trace: .new())
        let orderNo = try Self.submitted(publisher.events).orderNo
        #expect(response.status == .accepted)
        #expect(
            try await response.text() == #"{"order_no":"\#(orderNo)","status":"submitted"}"#)
    }

    @Test func whatIsPublishedIsTheBodyAsItCameWithNumberTimeAddressAndTrace() async throws {
        let publisher = TestPublisher()
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        _ = try await route(publisher, wait: .milliseconds(1)).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: "203.0.113.9",
            trace: .continuing(trace))
        let event = try #require(publisher.events.first)
        let submission = try Self.submitted(publisher.events)
        #expect(event.topic == "orders.submitted")
        #expect(event.key == Array("M1".utf8))
        #expect(submission.receivedAt.timestamp == TestGateway.now)
        #expect(submission.remoteIP == "203.0.113.9")
        #expect(submission.order.amount == Money(fen: 9_850))
        let headers = Dictionary(
            uniqueKeysWithValues: event.headers.map {
                ($0.name, String(decoding: $0.value, as: UTF8.self))
            })
        #expect(headers["answered-by"] == "gateway")
        #expect(headers["traceparent"]?.contains("4bf92f3577b34da6a3ce929d0e0e4736") == true)
    }

    // MARK: Refused, and nothing published

    private func problem(
        _ publisher: TestPublisher, _ body: [UInt8], limit: Int = 10
    ) async throws -> Problem? {
        do {
            _ = try await route(publisher, PendingReplies(limit: limit)).respond(
                to: TestGateway.request(.post, "/v1/orders", body), remoteIP: nil, trace: .new())
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    @Test(arguments: ["", "{", "[]", "{}", "null", #"{"merchant_no":5}"#])
    func aMalformedBodyIs400AndNotPublished(text: String) async throws {
        let publisher = TestPublisher()
        let problem = try await problem(publisher, Array(text.utf8))
        #expect(problem?.status == 400)
        #expect(problem?.code == "malformed")
        #expect(publisher.events.isEmpty)
    }

    @Test func anUnavailableBrokerIs503AndNothingIsPublished() async throws {
        let publisher = TestPublisher(.unavailable)
        #expect(try await problem(publisher, body) == .brokerUnavailable)
        #expect(publisher.events.isEmpty)
    }

    // MARK: The publish's outcome isn't known

    @Test func aPublishThatIsNotAcknowledgedIs202AndNeverSaysThatNothingWasTaken() async throws {
        let publisher = TestPublisher(.fail)
        let response = try await route(publisher).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: nil, trace: .new())
        #expect(response.status == .accepted)
        #expect(try await response.text().contains(#""status":"submitted""#))
    }

    @Test func aDecisionThatComesBeforeThePublishFailsIsTheReply() async throws {
        struct Lost: Error {}
        let pending = PendingReplies(limit: 10)
        let publisher = TestPublisher { events in
            let submission = try Self.submitted(events)
            await pending.resolve(
                .submission(submission.envelope.eventID),
                with: .accepted(Self.accepted(submission)))
            throw Lost()
        }
        let response = try await route(publisher, pending).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: nil, trace: .new())
        #expect(response.status == .created)
    }

    // MARK: Quotas

    @Test func ordersBeyondTheQuotaAre429AndNotPublished() async throws {
        let instant = ContinuousClock.now
        let quotas = TestGateway.quotas(GatewayLimits(partyPerSecond: 2)) { instant }
        let publisher = TestPublisher()
        let route = try route(publisher, wait: .milliseconds(1), quotas: quotas)
        func problem(from address: String) async throws -> Problem? {
            do {
                _ = try await route.respond(
                    to: TestGateway.request(.post, "/v1/orders", body), remoteIP: address,
                    trace: .new())
                return nil
            } catch let problem as Problem {
                return problem
            }
        }
        for _ in 0..<4 { #expect(try await problem(from: "203.0.113.9") == nil) }
        let refused = try #require(try await problem(from: "203.0.113.9"))
        #expect(refused.status == 429)
        #expect(refused.response(traceID: "").headers[.retryAfter] == "1")
        #expect(publisher.events.count == 4)
        // Who names the merchant elsewhere hasn't used up its quota here.
        #expect(try await problem(from: "198.51.100.1") == nil)
    }

    @Test func anAcceptedOrderProvesItsAddress() async throws {
        let pending = PendingReplies(limit: 10)
        let quotas = TestGateway.quotas()
        let publisher = publisher(pending) { .accepted(Self.accepted($0)) }
        _ = try await route(publisher, pending, quotas: quotas).respond(
            to: TestGateway.request(.post, "/v1/orders", body), remoteIP: "203.0.113.9",
            trace: .new())
        #expect(quotas.caller("M1", at: "203.0.113.9") == .party("M1"))
        #expect(!quotas.caller("M1", at: "203.0.113.8").isProven)
        #expect(!quotas.caller("M2", at: "203.0.113.9").isProven)
    }

    @Test func moreThanMayWaitIs429AndNotPublished() async throws {
        let publisher = TestPublisher()
        #expect(try await problem(publisher, body, limit: 0) == .tooBusy)
        #expect(publisher.events.isEmpty)
    }
}

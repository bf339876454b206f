import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Payments
import Testing
import WorkerRuntime

@testable import Gateway
@testable import Postgres
@testable import Store

/// Problems, bodies and numbers, as a caller sees them.
@Suite struct ResponseTests {
    // MARK: Problems

    @Test(arguments: [
        (400, "Bad Request"), (401, "Unauthorized"), (403, "Forbidden"), (404, "Not Found"),
        (405, "Method Not Allowed"), (409, "Conflict"), (413, "Content Too Large"),
        (429, "Too Many Requests"), (500, "Internal Server Error"), (503, "Service Unavailable"),
    ])
    func aProblemIsJSONOfRFC9457(status: Int, title: String) async throws {
        let response = Problem(status, "some_code", #"a "quoted" détail"#)
            .response(traceID: "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(response.status.code == status)
        #expect(response.headers[.contentType] == "application/problem+json")
        let body = try JSONSerialization.jsonObject(with: Data(try await response.text().utf8))
        let fields = try #require(body as? [String: Any])
        #expect(fields["type"] as? String == "urn:tallyhouse:problem:some_code")
        #expect(fields["title"] as? String == title)
        #expect(fields["status"] as? Int == status)
        #expect(fields["detail"] as? String == #"a "quoted" détail"#)
        #expect(fields["code"] as? String == "some_code")
        #expect(fields["trace_id"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
    }

    @Test func onlyWhatMayBeRetriedCarriesRetryAfter() {
        for status in [400, 401, 403, 404, 409, 413, 500] {
            #expect(Problem(status, "c", "d").response(traceID: "").headers[.retryAfter] == nil)
        }
        for problem in [Problem.tooBusy, .brokerUnavailable, .databaseUnavailable] {
            #expect(problem.response(traceID: "").headers[.retryAfter] == "1")
        }
        #expect(Problem.brokerUnavailable.code == "broker_unavailable")
        #expect(Problem.databaseUnavailable.code == "database_unavailable")
    }

    @Test func anErrorIsNeverShownToTheCaller() async throws {
        struct Secret: Error, CustomStringConvertible { let description = "password=hunter2" }
        let middleware = ProblemResponses(
            logger: try TestGateway.role().logger,
            routes: RouteMethods([("/v1/orders/:no/close", ["POST"]), ("/v1/orders", ["GET"])]))
        func response(_ error: any Error, _ path: String = "/") async throws -> Response {
            try await middleware.handle(
                TestGateway.request(.get, path), context: TestGateway.context()
            ) { _, _ in throw error }
        }
        let internalError = try await response(Secret())
        #expect(internalError.status == .internalServerError)
        #expect(try await !internalError.text().contains("hunter2"))
        #expect(try await response(Problem.orderUnknown).status == .notFound)
        let unavailable = try await response(PostgresError(.connection("password=hunter2")))
        #expect(unavailable.status == .serviceUnavailable)
        #expect(try await !unavailable.text().contains("hunter2"))
        #expect(try await response(HTTPError(.notFound)).status == .notFound)
        // Only the method is wrong.
        let wrong = try await response(HTTPError(.notFound), "/v1/orders/SHOP-1/close")
        #expect(wrong.status == .methodNotAllowed)
        #expect(wrong.headers[.allow] == "POST")
        for path in ["/v1/orders/SHOP-1", "/v1/orders/SHOP-1/close/x", "/v1"] {
            #expect(try await response(HTTPError(.notFound), path).status == .notFound)
        }
    }

    // MARK: Bodies

    @Test func aCloseIsRepliedToByTheStateTheOrderIsIn() async throws {
        for status in OrderStatus.allCases {
            let order = view(status)
            switch status {
            case .paid, .partiallyRefunded, .refunded:
                #expect(throws: Problem(409, "order_paid", "the order was paid; refund it instead"))
                { try CloseOrder.response(order) }
            case .accepted, .paying:
                let response = try CloseOrder.response(order)
                #expect(response.status == .accepted)
                #expect(try await response.text().contains(#""status":"closing""#))
            case .closed:
                let response = try CloseOrder.response(order)
                #expect(response.status == .ok)
                #expect(try await response.text().contains(#""status":"closed""#))
            }
        }
    }

    @Test func aMerchantSeesItsOwnDeliveriesAndNotItsAgents() async throws {
        let rows = ["A1", "M1", "A2", "M1"].map { partyNo in
            DeliveriesOfOrder.Row(
                partyNo: partyNo, eventType: "order.paid", refundNo: "", status: "pending",
                attempt: 2, nextAttemptAt: TestGateway.now, acknowledgedAt: nil)
        }
        let body = OrderDetailBody(
            order: view(.paid), payHandle: nil, refunds: [], deliveries: rows)
        #expect(body.deliveries.count == 2)
        #expect(body.payURL == nil)
        #expect(body.merchantNo == "M1")
    }

    @Test func anOrderIsPayableUntilItExpiresOrItsCloseIsRequested() {
        let before = TestGateway.now.adding(seconds: -1)
        for status in OrderStatus.allCases {
            #expect(ShowOrder.isPayable(view(status), at: before) == status.isInProgress)
            #expect(!ShowOrder.isPayable(view(status), at: TestGateway.now))
            #expect(!ShowOrder.isPayable(view(status, closeRequested: true), at: before))
        }
    }

    private func view(_ status: OrderStatus, closeRequested: Bool = false) -> OrderView {
        OrderView(
            orderNo: "T1", merchantNo: "M1", merchantOrderNo: "SHOP-1", product: .pc,
            amount: Money(fen: 100), subject: "Tea", status: status, refunded: .zero,
            isLate: false, channelTradeNo: nil, acceptedAt: TestGateway.now,
            expiresAt: TestGateway.now, paidAt: nil,
            closedAt: status == .closed ? TestGateway.now : nil, nextInquiryAt: nil,
            closeRequestedAt: closeRequested ? TestGateway.now : nil, attach: nil,
            returnURL: nil, clientIP: nil, traceparent: nil)
    }

    // MARK: Numbers

    @Test func anOrderNumberIsAPrefixATimeAndTenRandomCharacters() {
        let time = Timestamp(rfc3339: "2026-11-20T18:15:30Z") ?? TestGateway.now
        let number = OrderNumber.make(prefix: "T", at: time)
        // 02:15:30 of the next day in Beijing.
        #expect(number.hasPrefix("T20261121021530"))
        #expect(number.count == 25)
        #expect(number.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) })
        #expect(!number.dropFirst().contains { "ILOU".contains($0) })
    }

    @Test func numbersOfOneSecondDifferAndSortByTime() {
        let numbers = (0..<1_000).map { _ in OrderNumber.make(prefix: "T", at: TestGateway.now) }
        #expect(Set(numbers).count == 1_000)
        let later = OrderNumber.make(prefix: "T", at: TestGateway.now.adding(seconds: 1))
        #expect(numbers.allSatisfy { $0 < later })
    }
}

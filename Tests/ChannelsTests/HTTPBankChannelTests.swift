import Foundation
import Payments
import Testing

@testable import Channels

@Suite("The bank's channel")
struct HTTPBankChannelTests {
    private let order = PayoutOrder(
        payoutNo: "P1", amount: Money(fen: 1_239_332), payeeName: "张三",
        payeeCardNo: "6222020200112233445", purpose: "settlement")

    private func bank(
        _ body: String, status: Int = 200, secret: String? = nil
    ) throws -> (HTTPBankChannel, TransportDouble) {
        let transport = TransportDouble(Array(body.utf8), status: status)
        let bank = try HTTPBankChannel(
            baseURL: "https://bank.example.test/api/", secret: secret, timeout: .seconds(1),
            transport: transport)
        return (bank, transport)
    }

    @Test func payouts() async throws {
        let (bank, transport) = try bank(
            #"{"payout_no":"P1","status":"processing","bank_ref":"BK1"}"#, secret: "s3cret")
        #expect(try await bank.pay(order) == .accepted(bankRef: "BK1"))
        let sent = try #require(transport.requests.first)
        #expect(sent.url == "https://bank.example.test/api/v1/payouts")
        let body = String(decoding: sent.body, as: UTF8.self)
        #expect(
            body
                == #"{"payout_no":"P1","amount_fen":1239332,"payee_name":"张三","#
                + #""payee_card_no":"6222020200112233445","purpose":"settlement"}"#)
        let key = try SigningKey(signType: .hmacSHA256, secret: "s3cret")
        let signature = sent.headers.first { $0.name == "Bank-Signature" }?.value
        #expect(key.verify(try #require(signature), over: body))
    }

    @Test func answersAreRead() async throws {
        let settled = #""settled_at":"2026-11-21T02:00:00Z""#
        let rows: [(String, PayoutAnswer)] = [
            (
                #"{"payout_no":"P1","status":"succeeded","bank_ref":"B",\#(settled)}"#,
                .succeeded(bankRef: "B", at: Timestamp(rfc3339: "2026-11-21T02:00:00Z"))
            ),
            (
                #"{"payout_no":"P1","status":"failed","bank_ref":"B","reason":"card closed"}"#,
                .failed(reason: "card closed")
            ),
        ]
        for (body, expected) in rows {
            #expect(try await bank(body).0.query(payoutNo: "P1") == expected)
        }
        let (missing, transport) = try bank(
            #"{"status":"not_found"}"#, status: 404, secret: "s")
        #expect(try await missing.query(payoutNo: "P1") == .notFound)
        let key = try SigningKey(signType: .hmacSHA256, secret: "s")
        let signature = transport.requests.first?.headers.first { $0.name == "Bank-Signature" }
        #expect(
            key.verify(try #require(signature?.value), over: "/api/v1/payouts/P1"))
    }

    @Test func whatIsNotKnownIsNotDecided() async throws {
        let rows: [(String, Int)] = [
            ("", 500), ("nonsense", 200), (#"{"payout_no":"P1","status":"maybe"}"#, 200),
            (#"{"payout_no":"P2","status":"failed"}"#, 200), ("<html>not here</html>", 404),
            (#"{"payout_no":"P1","status":"succeeded"}"#, 200), ("", 302),
        ]
        for (body, status) in rows {
            for isPayment in [true, false] {
                do {
                    let bank = try bank(body, status: status).0
                    _ =
                        isPayment
                        ? try await bank.pay(order) : try await bank.query(payoutNo: "P1")
                    Issue.record("\(status) \(body) was believed")
                } catch let error as ChannelError {
                    guard case .unknownOutcome = error else {
                        Issue.record("\(status) \(body): \(error)")
                        continue
                    }
                }
            }
        }
    }

    @Test(arguments: [400, 409, 422])
    func aRefusalThatTheBankDidNotWriteLeavesTheOutcomeUnknown(status: Int) async throws {
        await #expect(
            throws: ChannelError.unknownOutcome(
                reason: "HTTP \(status) without the bank's report on the payout")
        ) {
            try await bank("<html>Request blocked</html>", status: status).0.pay(order)
        }
    }

    @Test func refusals() async throws {
        for (status, code) in [(409, "409"), (400, "400")] {
            await #expect(
                throws: ChannelError.refused(
                    code: code, subCode: "payout_no_used",
                    message: "the bank refused payout P1")
            ) {
                try await bank(#"{"status":"payout_no_used"}"#, status: status).0.pay(order)
            }
        }
        #expect(throws: ChannelError.self) {
            try HTTPBankChannel(
                baseURL: "bank", secret: nil, timeout: .seconds(1),
                transport: TransportDouble([]))
        }
        #expect(!"\(order)".contains("6222"))
    }
}

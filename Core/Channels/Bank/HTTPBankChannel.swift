import Foundation
import Payments

/// The bank of the reference deployment, over the HTTP API of `docs/bank-api.md`.
public final class HTTPBankChannel: BankChannel {
    private let baseURL: String
    private let basePath: String
    private let key: SigningKey?
    private let timeout: Duration
    private let transport: any ChannelTransport

    private static let answerLimit = 64 * 1024

    init(
        baseURL: String, secret: String?, timeout: Duration, transport: any ChannelTransport
    ) throws(ChannelError) {
        let trimmed = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        guard let parts = URLComponents(string: trimmed), parts.host != nil,
            parts.query == nil, parts.scheme == "https" || parts.scheme == "http"
        else {
            throw .configuration(
                "'\(baseURL)' is not an address of a bank; set one such as https://bank.example/api"
            )
        }
        do {
            key = try secret.map { try SigningKey(signType: .hmacSHA256, secret: $0) }
        } catch {
            throw .configuration("the bank's secret is empty; set one, or remove the setting")
        }
        self.baseURL = trimmed
        basePath = parts.percentEncodedPath
        self.timeout = timeout
        self.transport = transport
    }

    public func pay(_ order: PayoutOrder) async throws(ChannelError) -> PayoutAnswer {
        let body = try Self.body(of: order)
        let answer = try await transport.send(
            TransportRequest(
                method: .post, url: "\(baseURL)/v1/payouts",
                headers: try headers(signing: body, contentType: "application/json"),
                body: Array(body.utf8), answerLimit: Self.answerLimit, timeout: timeout))
        return try Self.read(answer, payoutNo: order.payoutNo)
    }

    public func query(payoutNo: String) async throws(ChannelError) -> PayoutAnswer {
        let path = "/v1/payouts/\(FormEncoding.encode(Array(payoutNo.utf8)))"
        let answer = try await transport.send(
            TransportRequest(
                method: .get, url: baseURL + path, headers: try headers(signing: basePath + path),
                answerLimit: Self.answerLimit, timeout: timeout))
        // Only the bank's own report counts: a 404 may also be a wrong address.
        if answer.status == 404, BankReport.read(answer.body)?.status == "not_found" {
            return .notFound
        }
        return try Self.read(answer, payoutNo: payoutNo)
    }

    private func headers(
        signing text: String, contentType: String? = nil
    ) throws(ChannelError) -> [(name: String, value: String)] {
        var headers = [(name: "accept", value: "application/json")]
        if let contentType { headers.append((name: "content-type", value: contentType)) }
        guard let key else { return headers }
        do {
            headers.append((name: "Bank-Signature", value: try key.sign(text)))
        } catch {
            throw .configuration("a request to the bank can't be signed: \(error)")
        }
        return headers
    }

    private static func body(of order: PayoutOrder) throws(ChannelError) -> String {
        JSONText.object([
            ("payout_no", .text(order.payoutNo)), ("amount_fen", .integer(order.amount.fen)),
            ("payee_name", .text(order.payeeName)),
            ("payee_card_no", .text(order.payeeCardNo)), ("purpose", .text(order.purpose)),
        ])
    }

    private static func read(
        _ answer: TransportAnswer, payoutNo: String
    ) throws(ChannelError) -> PayoutAnswer {
        switch answer.status {
        case 200..<300: break
        case 401, 403:
            throw .configuration(
                "the bank refused the signature (HTTP \(answer.status)); check TALLY_BANK_URL and "
                    + "the bank's secret")
        case 429: throw .rateLimited(reason: "the bank answered HTTP 429")
        case 400, 409, 422:
            // Anything between us and the bank may send such a status; a refusal is the bank's own.
            guard let report = BankReport.read(answer.body) else {
                throw .unknownOutcome(
                    reason: "HTTP \(answer.status) without the bank's report on the payout")
            }
            throw .refused(
                code: String(answer.status), subCode: report.status,
                message: report.reason ?? "the bank refused payout \(payoutNo)")
        default: throw .unknownOutcome(reason: "the bank answered HTTP \(answer.status)")
        }
        guard let report = BankReport.read(answer.body) else {
            throw .unknownOutcome(reason: "the bank's answer can't be read")
        }
        guard report.payoutNo == payoutNo else {
            throw .unknownOutcome(reason: "the bank's answer is about another payout")
        }
        return try report.answer()
    }
}

/// The JSON of the bank's answer.
struct BankReport: Decodable {
    let payoutNo: String?
    let status: String
    let bankRef: String?
    let settledAt: String?
    let reason: String?

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case status
        case bankRef = "bank_ref"
        case settledAt = "settled_at"
        case reason
    }

    static func read(_ body: [UInt8]) -> BankReport? {
        try? JSONDecoder().decode(BankReport.self, from: Data(body))
    }

    func answer() throws(ChannelError) -> PayoutAnswer {
        switch status {
        case "processing":
            return .accepted(bankRef: try reference())
        case "succeeded":
            return .succeeded(
                bankRef: try reference(), at: settledAt.flatMap { Timestamp(rfc3339: $0) })
        case "failed":
            return .failed(reason: reason ?? "the bank named no reason")
        default:
            throw .unknownOutcome(
                reason: "the bank answered with the status '\(status.prefix(32))'")
        }
    }

    private func reference() throws(ChannelError) -> String {
        guard let bankRef, !bankRef.isEmpty else {
            throw .unknownOutcome(reason: "the bank's answer lacks bank_ref")
        }
        return bankRef
    }
}

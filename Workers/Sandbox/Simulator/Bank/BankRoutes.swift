import Crypto
import Foundation
import Hummingbird
import NIOCore
import Payments
import WorkerRuntime

/// The bank's HTTP API on the simulator's router, under `/bank`.
struct BankRoutes: Sendable {
    let bank: SimulatedBank
    let clock: any BusinessClock
    /// The secret of `Bank-Signature`; `nil` accepts unsigned requests.
    let secret: String?

    private static let bodyLimit = 64 * 1024

    func add(to router: Router<BasicRequestContext>) {
        router.post("/bank/v1/payouts") { request, _ in try await submit(request) }
        router.get("/bank/v1/payouts/:payout_no") { request, context in
            try await query(request, payoutNo: context.parameters.get("payout_no") ?? "")
        }
    }

    private func submit(_ request: Request) async throws -> Response {
        let body = Array(buffer: try await request.body.collect(upTo: Self.bodyLimit))
        guard isSigned(request, body) else { return try error("bad_signature", .unauthorized) }
        guard let payout = try? JSONDecoder().decode(BankRequest.self, from: Data(body)),
            payout.amountFen > 0, !payout.payoutNo.isEmpty
        else { return try error("malformed", .badRequest) }
        switch await bank.submit(payout) {
        case .conflict: return try error("payout_no_used", .conflict)
        case .refused(let reason):
            return try error("refused", .unprocessableContent, reason: reason)
        case .unavailable, .known(_, isLost: true):
            return try error("internal_error", .internalServerError)
        case .known(let payout, isLost: false): return try report(payout)
        }
    }

    private func query(_ request: Request, payoutNo: String) async throws -> Response {
        guard isSigned(request, Array(request.uri.path.utf8)) else {
            return try error("bad_signature", .unauthorized)
        }
        guard let payout = await bank.query(payoutNo) else {
            return try error("not_found", .notFound)
        }
        return try report(payout)
    }

    private func report(_ payout: BankPayout) throws -> Response {
        let status = payout.status(at: clock.now())
        let body = BankReport(
            payoutNo: payout.request.payoutNo, status: status, bankRef: payout.bankRef,
            settledAt: status == "succeeded" ? payout.settlesAt.rfc3339 : nil,
            reason: status == "failed" ? payout.failure : nil)
        return SimulatorResponse.json(Array(try JSONEncoder().encode(body)))
    }

    private func error(
        _ code: String, _ status: HTTPResponse.Status, reason: String? = nil
    ) throws -> Response {
        try SimulatorResponse.json(Self.errorBody(code, reason: reason), status: status)
    }

    /// `{"status": …}` with the reason, where there is one (docs/bank-api.md).
    static func errorBody(_ code: String, reason: String?) throws -> [UInt8] {
        Array(try JSONEncoder().encode(["status": code, "reason": reason].compactMapValues { $0 }))
    }

    private func isSigned(_ request: Request, _ bytes: [UInt8]) -> Bool {
        guard let secret else { return true }
        let field = request.headers.first { $0.name.canonicalName == "bank-signature" }
        guard let signature = field?.value,
            let key = try? SigningKey(signType: .hmacSHA256, secret: secret)
        else { return false }
        return key.verify(signature, over: String(decoding: bytes, as: UTF8.self))
    }
}

/// The body of the bank's response.
private struct BankReport: Encodable {
    let payoutNo: String
    let status: String
    let bankRef: String
    let settledAt: String?
    let reason: String?

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case status
        case bankRef = "bank_ref"
        case settledAt = "settled_at"
        case reason
    }
}

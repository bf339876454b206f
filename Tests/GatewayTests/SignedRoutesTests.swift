import Channels
import Events
import HTTPTypes
import Hummingbird
import Payments
import Postgres
import Testing
import WorkerRuntime

@testable import Gateway
@testable import Store

/// The routes that change or show an order let only its merchant through. A call that is let
/// through meets the database, which fails here; a call that isn't is refused before.
@Suite struct SignedRoutesTests {
    private enum Route: String, CaseIterable {
        case show, close, refund

        var action: SignedCall.Action {
            switch self {
            case .show: .show
            case .close: .close
            case .refund: .refund
            }
        }
    }

    private static let refund: [String: RequestScalar] = [
        "merchant_refund_no": .text("R-1"), "amount_fen": .integer(100), "reason": .text("late"),
    ]

    private func call(
        _ route: Route, _ fields: [String: RequestScalar]
    ) async throws -> Problem? {
        let role = try TestGateway.role()
        let pool = try TestGateway.pool()
        let calls = TestGateway.calls(try TestGateway.merchant())
        let pending = PendingReplies(limit: 10)
        let body = RequestFields(fields).json()
        do {
            switch route {
            case .show:
                let query = fields.map { "\($0.key)=\($0.value.signedText ?? "")" }
                _ = try await ShowOrder(
                    pool: pool, calls: calls, payHandle: { _, _ in .url("") }, clock: role.clock
                ).respond(
                    to: TestGateway.request(.get, "/?" + query.joined(separator: "&")),
                    merchantOrderNo: "SHOP-1", remoteIP: nil)
            case .close:
                _ = try await CloseOrder(
                    role: role, pool: pool, calls: calls, pending: pending,
                    wait: .seconds(60)
                ).respond(
                    to: TestGateway.request(.post, "/", body), merchantOrderNo: "SHOP-1",
                    remoteIP: nil)
            case .refund:
                _ = try await RefundOrder(
                    role: role, pool: pool, calls: calls, pending: pending,
                    wait: .seconds(60)
                ).respond(
                    to: TestGateway.request(.post, "/", body), merchantOrderNo: "SHOP-1",
                    remoteIP: nil)
            }
            Issue.record("\(route) needs no database")
            return nil
        } catch let problem as Problem {
            return problem
        } catch  where error.isTransientPostgresFailure {
            return nil
        }
    }

    private func signed(_ route: Route, secret: String = TestGateway.secret) throws
        -> [String: RequestScalar]
    {
        try TestGateway.signed(
            route == .refund ? Self.refund : [:], secret: secret,
            covering: TestGateway.covered(route.action))
    }

    @Test(arguments: Route.allCases)
    private func aSignedCallReachesTheDatabase(route: Route) async throws {
        #expect(try await call(route, signed(route)) == nil)
    }

    @Test(arguments: Route.allCases)
    private func aCallWithoutASignatureIsRefused(route: Route) async throws {
        var fields = try signed(route)
        fields["sign"] = nil
        let problem = try await call(route, fields)
        #expect(problem?.status == 401)
        #expect(problem?.code == "unsigned")
    }

    @Test(arguments: Route.allCases)
    private func aCallWithAWrongSignatureIsRefused(route: Route) async throws {
        let problem = try await call(route, signed(route, secret: "another-secret"))
        #expect(problem?.status == 401)
        #expect(problem?.code == "bad_signature")
    }

    /// The query of a logged GET, sent to close the order that it shows.
    @Test func aSignatureOfShowDoesNotCloseOrRefund() async throws {
        let shown = try signed(.show)
        #expect(try await call(.close, shown)?.code == "bad_signature")
        let refund = try TestGateway.signed(Self.refund)
        #expect(try await call(.refund, refund)?.code == "bad_signature")
    }

    @Test func aRefundsAmountIsPartOfWhatIsSigned() async throws {
        var fields = try signed(.refund)
        fields["amount_fen"] = .integer(101)
        #expect(try await call(.refund, fields)?.code == "bad_signature")
    }

    @Test(arguments: [0, -1, 10_000_000_001] as [Int64])
    func aRefundsAmountIsWithinItsLimits(fen: Int64) async throws {
        let fields = try TestGateway.signed(
            Self.refund.merging(["amount_fen": .integer(fen)]) { $1 },
            covering: TestGateway.covered(.refund))
        let problem = try await call(.refund, fields)
        #expect(problem?.status == 400)
        #expect(problem?.detail.contains("amount_fen") == true)
    }

    @Test func aRefundNeedsItsNumber() async throws {
        var fields = Self.refund
        fields["merchant_refund_no"] = nil
        let problem = try await call(
            .refund, TestGateway.signed(fields, covering: TestGateway.covered(.refund)))
        #expect(problem?.status == 400)
        #expect(problem?.detail.contains("merchant_refund_no") == true)
    }
}

import HTTPTypes
import Hummingbird
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `/differences/NUMBER`: both sides of a difference, the decision on it, and the forms of those
/// who may decide.
struct DifferenceDetailPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads
    let clock: any BusinessClock
    /// A decision on more than this waits for a second person.
    let limit: Money

    private struct Choice {
        let value: String
        let name: String
        let note: String
    }

    private struct Side {
        let name: String
        let amount: String
        let fee: String
    }

    private struct Decision {
        let action: String
        let reason: String
        let comment: String?
        let maker: String
        let checker: String?
        let adjustment: String
        let waits: Bool
        let isOwn: Bool
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/differences/:id") { _, context in
            let user = try reads.user(context, for: .days)
            return try await show(try Self.id(context), user, context)
        }
        router.post("/differences/:id/resolve") { request, context in
            try await decide(request, context) { decisions, id, form, transaction in
                guard let action = DifferenceResolution.Action(rawValue: form.text("action")),
                    let reason = DifferenceResolution.Reason(rawValue: form.text("reason"))
                else { throw PageError(status: .badRequest) }
                _ = try await decisions.resolve(
                    id, action, reason: reason, comment: form.text("comment"), in: transaction)
            }
        }
        router.post("/differences/:id/approve") { request, context in
            try await decide(request, context) { decisions, id, _, transaction in
                try await decisions.approve(id, in: transaction)
            }
        }
        router.post("/differences/:id/refuse") { request, context in
            try await decide(request, context) { decisions, id, form, transaction in
                try await decisions.refuse(id, note: form.text("comment"), in: transaction)
            }
        }
    }

    /// Runs a decision of the form's user, and shows the difference again; what refuses it is shown
    /// above its form.
    private func decide(
        _ request: Request, _ context: ConsoleContext,
        _ body:
            @Sendable @escaping (
                DifferenceDecisions, Int64, ConsoleForm, PostgresTransaction
            ) async throws -> Void
    ) async throws -> Response {
        let user = try reads.user(context, for: .resolutions)
        let form = try await ConsoleForm.read(request, of: context.session)
        let id = try Self.id(context)
        let decisions = DifferenceDecisions(user: user, limit: limit, now: clock.now())
        do {
            try await reads.pool.transaction { transaction in
                try await body(decisions, id, form, transaction)
            }
        } catch let refusal as DifferenceDecisions.Refusal {
            if case .unknown = refusal { throw PageError(status: .notFound) }
            return try await show(id, user, context, problem: refusal.text(context.language))
        } catch let refusal as DifferenceRefusal {
            return try await show(id, user, context, problem: refusal.text(context.language))
        }
        return Response(status: .seeOther, headers: [.location: "/differences/\(id)"])
    }

    private func show(
        _ id: Int64, _ user: User, _ context: ConsoleContext, problem: String? = nil
    ) async throws -> Response {
        let found = try await reads.pool.transaction { try await $0.run(DifferenceByID(id)).first }
        guard let found else { throw PageError(status: .notFound) }
        let (say, facts) = (context.language, found.facts)
        let decision = found.decision.map { decision in
            Decision(
                action: say.action(decision.action), reason: say.reason(decision.reason),
                comment: decision.comment.isEmpty ? nil : decision.comment, maker: decision.maker,
                checker: decision.checker,
                adjustment: decision.adjustment.yuan, waits: !decision.isApplied,
                isOwn: decision.madeBy == user.userNo)
        }
        let mayDecide =
            user.role.permissions.contains(.resolutions) && found.status != "resolved"
        let sides = [
            Side(
                name: say("Platform", "平台"), amount: facts.platformAmount?.yuan ?? "–",
                fee: facts.platformFee?.yuan ?? "–"),
            Side(
                name: say("Channel's statement", "渠道对账单"),
                amount: facts.channelAmount?.yuan ?? "–", fee: facts.channelFee?.yuan ?? "–"),
        ]
        return pages.page(
            "difference", title: say("Difference \(id)", "差异 \(id)"), context: context,
            path: "/days", status: problem == nil ? .ok : .conflict,
            content: [
                "id": String(id), "kind": say.differenceKind(facts.kind.rawValue),
                "line": say.lineKind(facts.isRefund ? "refund" : "trade"),
                "day": found.day.description, "statement": found.statementID,
                "lineNo": found.lineNo.map(String.init) ?? "–", "orderNo": found.orderNo,
                "refunds": found.refundNo.isEmpty ? [] : [found.refundNo],
                "state": say.differenceStatus(found.status),
                "resolutions": found.resolution.map { [$0] } ?? [], "sides": sides,
                "decision": decision.map { [$0] } ?? [], "problems": problem.map { [$0] } ?? [],
                "hasChoices": mayDecide && decision == nil,
                "choices": facts.actions.map {
                    Choice(value: $0.rawValue, name: say.action($0), note: say.effect(of: $0))
                },
                "reasons": DifferenceResolution.Reason.allCases.map {
                    Choice(value: $0.rawValue, name: say.reason($0), note: "")
                },
                "mayApprove": mayDecide && decision?.waits == true && decision?.isOwn == false,
                "limit": limit.yuan, "formToken": context.session?.formToken ?? "",
            ])
    }

    private static func id(_ context: ConsoleContext) throws -> Int64 {
        guard let id = Int64(try context.parameters.require("id")), id > 0 else {
            throw PageError(status: .notFound)
        }
        return id
    }
}

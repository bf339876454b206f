import Channels
import Hummingbird
import Logging
import Payments
import Postgres
import Store
import WorkerRuntime

/// The gateway's routes: the merchants' API and the channel's notifications.
struct GatewayRouter: Sendable {
    let submit: SubmitOrder
    let show: ShowOrder
    let close: CloseOrder
    let refund: RefundOrder
    let notification: ReceiveNotification
    let operations: OperationsRoutes
    let logger: Logger

    func router() -> Router<GatewayRequestContext> {
        let router = Router(context: GatewayRequestContext.self)
        router.add(middleware: ProblemResponses(logger: logger))
        operations.add(to: router)
        router.post("/v1/orders") { request, context in
            try await submit.respond(to: request, remoteIP: context.remoteIP)
        }
        router.get("/v1/orders/:merchant_order_no") { request, context in
            try await show.respond(
                to: request, merchantOrderNo: try context.parameters.require("merchant_order_no"))
        }
        router.post("/v1/orders/:merchant_order_no/close") { request, context in
            try await close.respond(
                to: request, merchantOrderNo: try context.parameters.require("merchant_order_no"))
        }
        router.post("/v1/orders/:merchant_order_no/refunds") { request, context in
            try await refund.respond(
                to: request, merchantOrderNo: try context.parameters.require("merchant_order_no"))
        }
        router.post("/v1/channels/\(notification.channel.name)/notify") { request, _ in
            try await notification.respond(to: request)
        }
        return router
    }
}

/// Turns errors into problem responses: a `Problem` as it is, an unavailable database into 503, and
/// anything else into 500, whose cause is only logged.
struct ProblemResponses<Context: RequestContext>: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as HTTPError {
            let code = error.status == .notFound ? "not_found" : "bad_request"
            return Problem(error.status.code, code, error.body ?? error.status.reasonPhrase)
                .response
        } catch  where error.isTransientPostgresFailure {
            logger.warning(
                "the database is unavailable for a request", metadata: ["error": "\(error)"])
            return Problem.databaseUnavailable.response
        } catch {
            logger.error("a request failed", metadata: ["error": "\(error)"])
            return Problem(500, "internal", "internal error; its cause is in the gateway's log")
                .response
        }
    }
}

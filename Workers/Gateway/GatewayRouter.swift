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
    let keys: ShowKeys
    let operations: OperationsRoutes
    let clients: ClientAddress
    let quotas: CallerQuotas
    let logger: Logger

    private var notifyPath: String { "/v1/channels/\(notification.channel.name)/notify" }

    private var methods: RouteMethods {
        RouteMethods(
            [
                ("/v1/orders", ["POST"]), ("/v1/orders/:merchant_order_no", ["GET"]),
                ("/v1/orders/:merchant_order_no/close", ["POST"]),
                ("/v1/orders/:merchant_order_no/refunds", ["POST"]), (notifyPath, ["POST"]),
                ("/v1/keys", ["GET"]),
            ] + operations.paths.map { ($0, ["GET"]) })
    }

    func router() -> Router<GatewayRequestContext> {
        let router = Router(context: GatewayRequestContext.self)
        router.add(middleware: RequestOrigin(clients: clients))
        router.add(middleware: ProblemResponses(logger: logger, routes: methods))
        operations.add(to: router)
        // Never refused for its address: a forger may share the channel's.
        router.post(RouterPath(notifyPath)) { request, context in
            try await notification.respond(to: request, remoteIP: context.remoteIP)
        }
        // Only for what is added from here on.
        router.add(middleware: AddressQuota(quotas: quotas))
        router.post("/v1/orders") { request, context in
            try await submit.respond(
                to: request, remoteIP: context.remoteIP, trace: context.trace)
        }
        router.get("/v1/orders/:merchant_order_no") { request, context in
            try await show.respond(
                to: request, merchantOrderNo: try context.parameters.require("merchant_order_no"),
                remoteIP: context.remoteIP)
        }
        router.post("/v1/orders/:merchant_order_no/close") { request, context in
            try await close.respond(
                to: request, merchantOrderNo: try context.parameters.require("merchant_order_no"),
                remoteIP: context.remoteIP)
        }
        router.post("/v1/orders/:merchant_order_no/refunds") { request, context in
            try await refund.respond(
                to: request, merchantOrderNo: try context.parameters.require("merchant_order_no"),
                remoteIP: context.remoteIP)
        }
        router.get("/v1/keys") { _, _ in try await keys.respond() }
        return router
    }
}

/// Counts each request for the address that it came from.
struct AddressQuota: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let quotas: CallerQuotas

    func handle(
        _ request: Request, context: GatewayRequestContext,
        next: (Request, GatewayRequestContext) async throws -> Response
    ) async throws -> Response {
        try quotas.admit(address: context.remoteIP)
        return try await next(request, context)
    }
}

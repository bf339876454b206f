import Events
import Hummingbird
import Logging
import WorkerRuntime

/// Turns errors into problem responses: a `Problem` as it is, an unavailable database into 503, and
/// anything else into 500, whose cause is only logged.
struct ProblemResponses: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let logger: Logger
    let routes: RouteMethods

    func handle(
        _ request: Request, context: GatewayRequestContext,
        next: (Request, GatewayRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return problem(of: error, request, context).response(traceID: context.trace.traceID)
        }
    }

    private func problem(
        of error: any Error, _ request: Request, _ context: GatewayRequestContext
    ) -> Problem {
        switch error {
        case let problem as Problem:
            return problem
        case let error as HTTPError where error.status == .notFound:
            let allowed = routes.methods(of: request.uri.path)
            return allowed.isEmpty
                ? Problem(404, "not_found", "there is nothing at this path")
                : .wrongMethod(allowed)
        case let error as HTTPError:
            return Problem(
                error.status.code, "bad_request", error.body ?? error.status.reasonPhrase)
        case _ where error.isDatabaseFailure:
            logger.warning(
                "the database is unavailable for a request",
                metadata: ["error": "\(error)", "trace_id": "\(context.trace.traceID)"])
            return .databaseUnavailable
        default:
            logger.error(
                "a request failed",
                metadata: ["error": "\(error)", "trace_id": "\(context.trace.traceID)"])
            return Problem(500, "internal", "internal error; its cause is in the gateway's log")
        }
    }
}

/// The methods of the gateway's paths, for the `Allow` of a 405.
struct RouteMethods: Sendable {
    private let routes: [(path: [Substring], methods: [String])]

    /// - Parameter routes: paths with `:name` for a parameter, and their methods.
    init(_ routes: [(path: String, methods: [String])]) {
        self.routes = routes.map { ($0.path.split(separator: "/"), $0.methods) }
    }

    /// Empty where there is nothing at a path.
    func methods(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return routes.first { route in
            route.path.count == parts.count
                && zip(route.path, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }?.methods ?? []
    }
}

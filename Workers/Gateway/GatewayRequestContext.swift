import Events
import HTTPTypes
import Hummingbird
import NIOCore
import WorkerRuntime

/// A request's context, with what is known of its origin.
struct GatewayRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The IP address that it came from; until ``RequestOrigin`` has run, its connection's.
    var remoteIP: String?
    /// The caller's trace, or a new one.
    var trace = TraceContext.new()

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteIP = source.channel.remoteAddress?.ipAddress
    }
}

/// Puts a request's origin into its context: the address that it came from, also through our own
/// proxies, and its trace.
struct RequestOrigin: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let clients: ClientAddress

    func handle(
        _ request: Request, context: GatewayRequestContext,
        next: (Request, GatewayRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.remoteIP = clients.client(
            peer: context.remoteIP, forwardedFor: request.headers[values: .forwardedFor])
        context.trace = TraceContext.continuing(request.headers[.traceparent])
        return try await next(request, context)
    }
}

extension HTTPField.Name {
    /// W3C trace context.
    static var traceparent: HTTPField.Name {
        HTTPField.Name("traceparent") ?? .contentType
    }

    /// The addresses that a request was forwarded for.
    static var forwardedFor: HTTPField.Name {
        HTTPField.Name("x-forwarded-for") ?? .contentType
    }
}

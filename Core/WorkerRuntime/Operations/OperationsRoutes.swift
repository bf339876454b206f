public import Hummingbird

/// `/healthz`, `/readyz` and `/metrics`, that every role serves.
public struct OperationsRoutes: Sendable {
    let metrics: MetricsRegistry
    let readiness: Readiness

    /// Routes over a role's metrics and readiness.
    public init(metrics: MetricsRegistry, readiness: Readiness) {
        self.metrics = metrics
        self.readiness = readiness
    }

    /// Adds the routes.
    public func add(to router: some RouterMethods<some RequestContext>) {
        router.get("/healthz") { _, _ in "ok\n" }
        router.get("/readyz") { _, _ -> Response in
            let missing = await readiness.missing()
            let body = missing.isEmpty ? "ready\n" : missing.map { $0 + "\n" }.joined()
            return Response(
                status: missing.isEmpty ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        router.get("/metrics") { _, _ -> Response in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: .init(byteBuffer: ByteBuffer(string: metrics.text())))
        }
    }
}

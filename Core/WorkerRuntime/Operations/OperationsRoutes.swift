public import Hummingbird

/// `/healthz`, `/readyz` and `/metrics`, that every role serves.
public struct OperationsRoutes: Sendable {
    /// The paths that are served.
    public let paths: [String]
    private let metrics: MetricsRegistry
    private let readiness: RecentValue<[String]>

    /// Routes over a role's metrics and readiness, which is at most a second old.
    /// - Parameter isComplete: whether `/readyz` and `/metrics` are served here; else at a port of
    ///   their own, and here `/healthz` alone.
    public init(metrics: MetricsRegistry, readiness: Readiness, isComplete: Bool = true) {
        paths = isComplete ? ["/healthz", "/readyz", "/metrics"] : ["/healthz"]
        self.metrics = metrics
        self.readiness = RecentValue(maximumAge: .seconds(1)) { await readiness.missing() }
    }

    /// Adds the routes.
    public func add(to router: some RouterMethods<some RequestContext>) {
        router.get("/healthz") { _, _ in "ok\n" }
        guard paths.count > 1 else { return }
        router.get("/readyz") { _, _ -> Response in
            let missing = try await readiness.current()
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

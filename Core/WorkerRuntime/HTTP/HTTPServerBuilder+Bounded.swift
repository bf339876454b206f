public import HummingbirdCore

extension HTTPServerBuilder {
    /// An HTTP/1 server whose connections are bounded in number and in time.
    /// - Parameters:
    ///   - limits: of its connections.
    ///   - name: the label `server` of its metrics.
    public static func bounded(
        _ limits: ConnectionLimits, name: String, metrics: MetricsRegistry
    ) -> HTTPServerBuilder {
        let counts = ConnectionCounts(limits, name: name, metrics: metrics)
        return .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionTimes(limits: limits, counts: counts)]))
    }
}

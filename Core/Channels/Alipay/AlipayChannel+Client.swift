public import AsyncHTTPClient
public import Logging

extension AlipayChannel {
    /// Alipay over HTTP.
    /// - Parameter httpClient: borrowed; the caller shuts it down. Make it with
    ///   `HTTPClient.Configuration.forChannels`.
    /// - Throws: `ChannelError.configuration` for keys that can't be read, Alipay's public key
    ///   being the app's own, an address that is none.
    public convenience init(
        _ configuration: AlipayConfiguration, httpClient: HTTPClient, logger: Logger
    ) throws(ChannelError) {
        try self.init(
            configuration, transport: HTTPChannelTransport(client: httpClient), logger: logger)
    }
}

public import AsyncHTTPClient

extension HTTPBankChannel {
    /// A bank at an address.
    /// - Parameters:
    ///   - baseURL: without a slash at its end, for example `https://bank.example/api`.
    ///   - secret: signs requests; `nil` where the bank doesn't require it.
    ///   - httpClient: borrowed; the caller shuts it down. Make it with
    ///     `HTTPClient.Configuration.forChannels`.
    public convenience init(
        baseURL: String, secret: String?, httpClient: HTTPClient,
        requestTimeout: Duration = .seconds(15)
    ) throws(ChannelError) {
        try self.init(
            baseURL: baseURL, secret: secret, timeout: requestTimeout,
            transport: HTTPChannelTransport(client: httpClient))
    }
}

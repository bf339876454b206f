import Channels

/// The transport of roles that read the channel's messages and sign pay handles, and never call the
/// channel: a call throws `ChannelError.configuration`.
struct OfflineTransport: ChannelTransport {
    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        throw .configuration("this role makes no calls to the channel (\(request.url))")
    }
}

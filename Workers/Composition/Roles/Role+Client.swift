import AsyncHTTPClient
import Channels

extension Role {
    /// How the role's HTTP client is made; `nil` for a role that calls neither channel nor bank: it
    /// reads the channel's messages and signs pay handles without a call, or has connections of its
    /// own, to receivers.
    var clientConfiguration: HTTPClient.Configuration? {
        switch self {
        case .inquiry, .statements, .settlement, .onboarding:
            var configuration = HTTPClient.Configuration.forChannels
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
            return configuration
        case .gateway, .signature, .callback, .delivery, .reconciliation, .console: return nil
        }
    }
}

import AsyncHTTPClient
import Channels
import Delivery

extension Role {
    /// How the role's HTTP client is made; `nil` for a role that sends no requests: it reads the
    /// channel's messages and signs pay handles without a call.
    var clientConfiguration: HTTPClient.Configuration? {
        switch self {
        case .delivery: return DeliverySender.clientConfiguration
        case .inquiry, .statements, .settlement:
            var configuration = HTTPClient.Configuration.forChannels
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
            return configuration
        case .gateway, .signature, .callback, .reconciliation: return nil
        }
    }
}

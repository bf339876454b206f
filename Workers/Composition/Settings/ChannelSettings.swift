import Alipay
package import AsyncHTTPClient
package import Channels
import Configuration
import Foundation
package import Logging

/// The settings of the payment channel. Alipay's, today: no other file of the platform names it.
package struct ChannelSettings: Sendable {
    /// The environment's names of the settings.
    static let names: Set<String> = [
        "TALLY_ALIPAY_GATEWAY_URL", "TALLY_ALIPAY_APP_ID", "TALLY_ALIPAY_SELLER_ID",
        "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE", "TALLY_ALIPAY_PUBLIC_KEY_FILE",
        "TALLY_ALIPAY_NOTIFY_URL",
    ]

    private let gatewayURL: String
    private let appID: String
    private let sellerID: String
    private let appPrivateKeyFile: String
    private let publicKeyFile: String
    private let notifyURL: String

    init(_ reader: ConfigReader) {
        func text(_ key: ConfigKey) -> String { reader.string(forKey: key, default: "") }
        gatewayURL = text("alipay.gateway.url")
        appID = text("alipay.app.id")
        sellerID = text("alipay.seller.id")
        appPrivateKeyFile = text("alipay.app.private.key.file")
        publicKeyFile = text("alipay.public.key.file")
        notifyURL = text("alipay.notify.url")
    }

    /// Reads the channel's bills; needs no keys.
    package var statements: any StatementReader {
        AlipayStatements(appID: appID, sellerID: sellerID)
    }

    /// The channel over HTTP, or for a role that makes no calls to it.
    /// - Parameter client: borrowed, the caller shuts it down; `nil` where every call to the
    ///   channel is to fail.
    /// - Throws: `SettingError` for a key file that isn't set or can't be read;
    ///   `ChannelError.configuration` for keys and addresses that can't be used.
    package func channel(client: HTTPClient?, logger: Logger) throws -> any PaymentChannel {
        try AlipayChannel(
            AlipayConfiguration(
                gatewayURL: gatewayURL, appID: appID, sellerID: sellerID,
                appPrivateKeyPEM: try Self.read(
                    appPrivateKeyFile, "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE"),
                alipayPublicKeyPEM: try Self.read(publicKeyFile, "TALLY_ALIPAY_PUBLIC_KEY_FILE"),
                notifyURL: notifyURL, requestTimeout: .seconds(10)),
            transport: client.map { HTTPChannelTransport(client: $0) } ?? OfflineTransport(),
            logger: logger)
    }

    private static func read(_ file: String, _ name: String) throws -> String {
        guard !file.isEmpty else { throw SettingError.missing(name) }
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw SettingError(description: "\(name): \(file) can't be read")
        }
    }
}

package import AsyncHTTPClient
package import Channels
import Foundation
package import Logging

extension Settings {
    /// The channel as it is configured.
    package func alipayChannel(client: HTTPClient, logger: Logger) throws -> AlipayChannel {
        func read(_ file: String, _ name: String) throws -> String {
            guard !file.isEmpty else { throw SettingError.missing(name) }
            do {
                return try String(contentsOfFile: file, encoding: .utf8)
            } catch {
                throw SettingError(description: "\(name): \(file) can't be read")
            }
        }
        return try AlipayChannel(
            AlipayConfiguration(
                gatewayURL: alipay.gatewayURL, appID: alipay.appID, sellerID: alipay.sellerID,
                appPrivateKeyPEM: try read(
                    alipay.appPrivateKeyFile, "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE"),
                alipayPublicKeyPEM: try read(
                    alipay.publicKeyFile, "TALLY_ALIPAY_PUBLIC_KEY_FILE"),
                notifyURL: alipay.notifyURL, requestTimeout: .seconds(10)),
            httpClient: client, logger: logger)
    }
}

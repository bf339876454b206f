import Alipay
package import AsyncHTTPClient
package import Channels
import Foundation
package import Logging
import Payments

/// The settings of the payment channel. Alipay's, today: no other file of the platform names it.
package struct ChannelSettings: Sendable {
    /// The environment's names of the settings.
    static let names: Set<String> = [
        "TALLY_ALIPAY_GATEWAY_URL", "TALLY_ALIPAY_APP_ID", "TALLY_ALIPAY_SELLER_ID",
        "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE", "TALLY_ALIPAY_PUBLIC_KEY_FILE",
        "TALLY_ALIPAY_NOTIFY_URL", "TALLY_ALIPAY_APP_CERTIFICATE_FILE",
        "TALLY_ALIPAY_CERTIFICATE_FILE", "TALLY_ALIPAY_ROOT_CERTIFICATES_FILE",
    ]

    private let gatewayURL: String
    private let appID: String
    private let sellerID: String
    private let appPrivateKey: KeyFile
    private let publicKey: KeyFile
    private let notifyURL: String
    private let appCertificate: KeyFile
    private let certificate: KeyFile
    private let rootCertificates: KeyFile

    init(_ reader: SettingReader) {
        gatewayURL = reader.address("TALLY_ALIPAY_GATEWAY_URL")
        appID = reader.text("TALLY_ALIPAY_APP_ID")
        sellerID = reader.text("TALLY_ALIPAY_SELLER_ID")
        appPrivateKey = KeyFile("TALLY_ALIPAY_APP_PRIVATE_KEY_FILE", reader)
        publicKey = KeyFile("TALLY_ALIPAY_PUBLIC_KEY_FILE", reader)
        notifyURL = reader.address("TALLY_ALIPAY_NOTIFY_URL")
        appCertificate = KeyFile("TALLY_ALIPAY_APP_CERTIFICATE_FILE", reader)
        certificate = KeyFile("TALLY_ALIPAY_CERTIFICATE_FILE", reader)
        rootCertificates = KeyFile("TALLY_ALIPAY_ROOT_CERTIFICATES_FILE", reader)
    }

    /// What keeps the channel from being used, a sentence each.
    var problems: [String] {
        var problems: [String] = []
        if gatewayURL.isEmpty {
            problems.append(SettingError.missingText("TALLY_ALIPAY_GATEWAY_URL"))
        }
        if appID.isEmpty { problems.append(SettingError.missingText("TALLY_ALIPAY_APP_ID")) }
        let own = appPrivateKey.parsed(&problems) { text throws(RSAKeyError) in
            try RSAPrivateKey(text)
        }
        guard !usesCertificates else {
            for file in [appCertificate, certificate, rootCertificates] {
                do throws(SettingError) {
                    _ = try file.text()
                } catch {
                    problems += error.problems
                }
            }
            return problems
        }
        let channels = publicKey.parsed(&problems) { text throws(RSAKeyError) in
            try RSAPublicKey(text)
        }
        if let own, let channels, own.publicKey == channels {
            problems.append(
                "\(publicKey.name) is the app's own public key: copy the channel's from the app's "
                    + "page at the open platform")
        }
        return problems
    }

    /// The checks that are not made with these settings, a sentence each.
    /// - Parameter makesPayURLs: whether the role writes the notify address into pay URLs.
    func missingChecks(makesPayURLs: Bool) -> [String] {
        var missing: [String] = []
        if sellerID.isEmpty {
            missing.append(
                "TALLY_ALIPAY_SELLER_ID is not set: the payee of callbacks and bills isn't checked")
        }
        if makesPayURLs, notifyURL.isEmpty {
            missing.append(
                "TALLY_ALIPAY_NOTIFY_URL is not set: the channel sends no notifications, payments "
                    + "are found by inquiry only")
        }
        return missing
    }

    /// Whether the account that a bill names can be compared with ours.
    package var knowsBillAccount: Bool { !sellerID.isEmpty }

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
                appPrivateKeyPEM: try appPrivateKey.text(),
                alipayPublicKeyPEM: usesCertificates ? "" : try publicKey.text(),
                notifyURL: notifyURL, requestTimeout: .seconds(10),
                certificates: try certificates()),
            transport: client.map { HTTPChannelTransport(client: $0) } ?? OfflineTransport(),
            logger: logger)
    }

    /// Whether the app is in certificate mode: one of its three files is set, so all must be.
    private var usesCertificates: Bool {
        [appCertificate, certificate, rootCertificates].contains { $0.isSet }
    }

    private func certificates() throws(SettingError) -> AlipayCertificateFiles? {
        guard usesCertificates else { return nil }
        return AlipayCertificateFiles(
            appPEM: try appCertificate.text(), alipayPEM: try certificate.text(),
            rootsPEM: try rootCertificates.text())
    }
}

/// A key's file, by the variable that names it.
private struct KeyFile {
    let name: String
    private let path: String

    init(_ name: String, _ reader: SettingReader) {
        self.name = name
        path = reader.text(name)
    }

    /// Whether the variable has a value.
    var isSet: Bool { !path.isEmpty }

    /// The file's text.
    func text() throws(SettingError) -> String {
        guard !path.isEmpty else { throw .missing(name) }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw SettingError(
                description: "\(name) names \(path), which \(UnreadableFile.reason(path))")
        }
    }

    /// The key; `nil` where there is none, with the reason added to `problems`.
    func parsed<Key>(
        _ problems: inout [String], _ parse: (String) throws(RSAKeyError) -> Key
    ) -> Key? {
        let text: String
        do throws(SettingError) {
            text = try self.text()
        } catch {
            problems += error.problems
            return nil
        }
        do throws(RSAKeyError) {
            return try parse(text)
        } catch {
            problems.append("\(name) names \(path): \(error)")
            return nil
        }
    }
}

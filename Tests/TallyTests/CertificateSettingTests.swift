import Composition
import Foundation
import Logging
import Testing

/// The channel's certificate mode: three files instead of its public key.
@Suite struct CertificateSettingTests {
    private static let certificates = [
        "TALLY_ALIPAY_APP_CERTIFICATE_FILE": "app_cert.crt",
        "TALLY_ALIPAY_CERTIFICATE_FILE": "alipay_cert.crt",
        "TALLY_ALIPAY_ROOT_CERTIFICATES_FILE": "alipay_root.crt",
    ]

    private static func key(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/keys/\(name)").path
    }

    private var environment: [String: String] {
        [
            "TALLY_ALIPAY_GATEWAY_URL": "https://gateway.example.test/gateway.do",
            "TALLY_ALIPAY_APP_ID": "2021004100000001",
            "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE": Self.key("app_private_pkcs8.pem"),
        ]
    }

    @Test func withItsThreeFilesTheChannelNeedsNoPublicKey() async throws {
        let files = Self.certificates.mapValues(Self.key)
        let settings = try await Settings.load(
            file: nil, environment: environment.merging(files) { $1 })
        _ = try settings.channel.channel(client: nil, logger: Logger(label: "test"))
    }

    @Test(arguments: certificates.keys.sorted())
    func withOneOfTheFilesTheOthersAreRequired(name: String) async throws {
        let one = [name: Self.key(try #require(Self.certificates[name]))]
        let error = await #expect(throws: SettingError.self) {
            _ = try await Settings.load(
                file: nil, environment: environment.merging(one) { $1 }, role: .inquiry)
        }
        let named = Self.certificates.keys.filter { other in
            error?.problems.contains { $0.hasPrefix(other) } == true
        }
        #expect(Set(named) == Set(Self.certificates.keys).subtracting([name]))
        #expect(error?.problems.contains { $0.hasPrefix("TALLY_ALIPAY_PUBLIC") } == false)
    }
}

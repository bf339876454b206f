import Hummingbird
import Payments
import Postgres
import Store
import WorkerRuntime

/// `GET /v1/keys`: the public halves of the platform's keys, which sign deliveries to parties whose
/// own keys are all RSA2. Unsigned; the same for everyone.
struct ShowKeys: Sendable {
    private let published: RecentValue<[PlatformKeyRows.Row]>

    /// - Parameter read: reads the keys that sign, will sign, or have signed; called once a minute
    ///   at most.
    init(read: @escaping @Sendable () async throws -> [PlatformKeyRows.Row]) {
        published = RecentValue(maximumAge: .seconds(60), read)
    }

    func respond() async throws -> Response {
        let keys = try await published.current().map(Key.init)
        var response = try JSONResponse(200, Keys(keys: keys)).response
        // A receiver that meets an unknown key_version reads the list again.
        response.headers[.cacheControl] = "public, max-age=300"
        return response
    }

    private struct Keys: Encodable {
        let keys: [Key]
    }

    private struct Key: Encodable {
        let signType: String
        let keyVersion: Int32
        let publicKey: String
        let from: String
        let until: String?

        init(_ row: PlatformKeyRows.Row) {
            signType = SignType.rsa2.rawValue
            keyVersion = row.version
            publicKey = row.publicKeyPEM
            from = row.validFrom.rfc3339
            until = row.validUntil?.rfc3339
        }
    }
}

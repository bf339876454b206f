import Payments
import Store

/// A key as JSON, without its secret.
struct KeyJSON: Encodable {
    let signType: String
    let keyVersion: Int32
    let validFrom: String
    let firstUsedAt: String?
    let revokedAt: String?

    init(_ key: KeyList.Row) {
        signType = key.signType.rawValue
        keyVersion = key.version
        validFrom = key.validFrom.rfc3339
        firstUsedAt = key.firstUsedAt?.rfc3339
        revokedAt = key.retiredAt?.rfc3339
    }

    static func table(_ keys: [KeyList.Row]) -> [String] {
        guard !keys.isEmpty else { return ["keys: none"] }
        return TextTable(
            headings: ["TYPE", "VERSION", "FROM", "FIRST USED", "REVOKED"],
            rows: keys.map { key in
                [
                    key.signType.rawValue, String(key.version), key.validFrom.shanghai,
                    key.firstUsedAt?.shanghai ?? "-", key.retiredAt?.shanghai ?? "-",
                ]
            }
        ).lines
    }
}

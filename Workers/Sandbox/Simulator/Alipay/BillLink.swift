import Crypto
import Foundation
import Payments

/// The address of a bill, valid for thirty seconds of business time.
struct BillLink: Sendable, Equatable {
    static let path = "downloadBillFile.resource"
    static let lifetime: Int64 = 30

    let account: String
    let day: BusinessDay
    let issuedAt: Timestamp

    /// When a day's bill is available: 09:00 of the next day.
    static func readyAt(_ day: BusinessDay) -> Timestamp { day.end.adding(seconds: 9 * 3600) }

    init(account: String, day: BusinessDay, issuedAt: Timestamp) {
        self.account = account
        self.day = day
        self.issuedAt = issuedAt
    }

    /// Reads a download's query; `nil` where it is incomplete or its token is wrong.
    init?(query: [String: String]) {
        guard let user = query["userId"], user.hasSuffix(Self.suffix),
            let compact = query["bizDates"], let day = Self.day(compact),
            let micros = query["timestamp"].flatMap(Int64.init)
        else { return nil }
        self.init(
            account: String(user.dropLast(Self.suffix.count)), day: day,
            issuedAt: Timestamp(microseconds: micros))
        guard query["token"] == token else { return nil }
    }

    /// Whether it can be downloaded at `now`.
    func isValid(at now: Timestamp) -> Bool {
        now >= issuedAt && now <= issuedAt.adding(seconds: Self.lifetime)
    }

    /// The file's name.
    var fileName: String { "\(account)\(Self.suffix)_\(day.compact).csv.zip" }

    /// The whole address under `base`.
    func url(base: String) -> String {
        "\(base)/\(Self.path)?"
            + FormCoding.encode([
                ("bizType", "trade"), ("userId", account + Self.suffix),
                ("fileType", "csv.zip"), ("bizDates", day.compact),
                ("downloadFileName", fileName), ("fileId", "trade-\(day.compact)"),
                ("timestamp", String(issuedAt.microseconds)), ("token", token),
            ])
    }

    private static let suffix = "0156"

    private var token: String {
        let text = "\(account)|\(day.compact)|\(issuedAt.microseconds)|bill"
        return SHA256.hash(data: Data(text.utf8)).prefix(16)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func day(_ compact: String) -> BusinessDay? {
        guard compact.utf8.count == 8, compact.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
            return nil
        }
        let digits = Array(compact)
        return BusinessDay(
            String(digits[0..<4]) + "-" + String(digits[4..<6]) + "-" + String(digits[6..<8]))
    }
}

import Channels
import Payments
import Store

/// Decides which days' bills are downloaded when, and what follows from a download: pure.
struct StatementFetchPlan: Sendable {
    /// A day's bill, and when it is first downloaded.
    struct Fetch: Equatable {
        let day: BusinessDay
        let firstAt: Timestamp
    }

    /// What follows from a download.
    enum Decision: Equatable {
        /// The statement is stored with the file's bytes.
        case store(Statement, file: [UInt8])
        /// Downloaded again later.
        case retry(reason: String)
    }

    // The channel has a day's bill from about nine o'clock of the next morning, Asia/Shanghai.
    private static let availableAfterSeconds: Int64 = 9 * 3_600 + 300
    // Until this hour of the next day "no data" may still mean "not yet".
    private static let emptyAfterSeconds: Int64 = 14 * 3_600
    private static let retrySeconds: Int64 = 600

    /// The bills to be scheduled: yesterday's, due this morning, and today's, due tomorrow morning.
    static func fetches(at now: Timestamp) -> [Fetch] {
        let today = BusinessDay.containing(now)
        return [today.previous, today].map { day in
            Fetch(day: day, firstAt: day.end.adding(seconds: availableAfterSeconds))
        }
    }

    /// What follows from a download of a claimed day.
    /// - Throws: `BillError` for a file that isn't the complete bill of this account and day.
    static func decision(
        on download: BillDownload, of job: ClaimStatementFetch.Row, reader: any StatementReader,
        now: Timestamp
    ) throws(BillError) -> Decision {
        switch download {
        case .file(let bytes):
            return .store(try reader.statement(in: bytes, of: job.day), file: bytes)
        case .empty:
            let isConclusive =
                !job.hasPaidOrders && now >= job.day.end.adding(seconds: emptyAfterSeconds)
            guard isConclusive else {
                return .retry(reason: "the channel has no data, which isn't conclusive yet")
            }
            let account = reader.account.billAccount ?? reader.account.appID
            return .store(.empty(account: account, day: job.day), file: [])
        case .notYet:
            return .retry(reason: "not available yet")
        }
    }

    /// When a day that isn't stored yet is downloaded again.
    static func retryAt(after now: Timestamp) -> Timestamp { now.adding(seconds: retrySeconds) }
}

extension Statement {
    /// The statement of a day without transactions.
    static func empty(account: String, day: BusinessDay) -> Statement {
        Statement(
            account: account, day: day, lines: [],
            footer: StatementFooter(
                tradeCount: 0, tradeTotal: .zero, refundCount: 0, refundTotal: .zero))
    }
}

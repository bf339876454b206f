import Payments
import Postgres

/// The domain's types in the database: money as fen, times as `timestamptz`, days as `date`.
extension PostgresBindings {
    mutating func append(_ time: Timestamp) {
        append(PostgresTimestamp(microsecondsSinceEpoch: time.microseconds))
    }

    mutating func append(_ time: Timestamp?) {
        append(time.map { PostgresTimestamp(microsecondsSinceEpoch: $0.microseconds) })
    }

    mutating func append(_ times: [Timestamp]) {
        append(times.map { PostgresTimestamp(microsecondsSinceEpoch: $0.microseconds) })
    }

    mutating func append(_ times: [Timestamp?]) {
        append(
            times.map { time in
                time.map { PostgresTimestamp(microsecondsSinceEpoch: $0.microseconds) }
            })
    }

    mutating func append(_ money: Money) { append(money.fen) }
    mutating func append(_ money: [Money]) { append(money.map(\.fen)) }
    /// A day is bound as text: `$n::text::date`.
    mutating func append(_ day: BusinessDay) { append(day.description) }
}

extension PostgresCopyRows {
    mutating func append(_ time: Timestamp) {
        append(PostgresTimestamp(microsecondsSinceEpoch: time.microseconds))
    }

    mutating func append(_ money: Money) { append(money.fen) }
}

extension PostgresRow {
    func time(_ column: Int) throws(PostgresError) -> Timestamp {
        Timestamp(microseconds: try timestamp(column).microsecondsSinceEpoch)
    }

    func timeOrNull(_ column: Int) throws(PostgresError) -> Timestamp? {
        try timestampOrNull(column).map { Timestamp(microseconds: $0.microsecondsSinceEpoch) }
    }

    func money(_ column: Int) throws(PostgresError) -> Money {
        Money(fen: try int64(column))
    }

    func moneyOrNull(_ column: Int) throws(PostgresError) -> Money? {
        try int64OrNull(column).map { Money(fen: $0) }
    }

    /// A column of parts per million.
    func rate(_ column: Int) throws(PostgresError) -> Rate { try Self.rate(try int32(column)) }

    /// A column of an array of parts per million.
    func rateArray(_ column: Int) throws(PostgresError) -> [Rate] {
        try int32Array(column).map { ppm throws(PostgresError) in try Self.rate(ppm) }
    }

    private static func rate(_ ppm: Int32) throws(PostgresError) -> Rate {
        guard let rate = try? Rate(ppm: Int64(ppm)) else {
            throw PostgresError.decoding("a rate outside 0 to 1,000,000 ppm is stored")
        }
        return rate
    }

    /// A day that was selected as text.
    func businessDay(_ column: Int) throws(PostgresError) -> BusinessDay {
        let text = try text(column)
        guard let day = BusinessDay(text) else {
            throw PostgresError.decoding("'\(text)' is not a day")
        }
        return day
    }
}

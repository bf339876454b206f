public import Payments

/// A value of a report's table, the same in every format.
public enum ReportCell: Sendable, Equatable {
    /// Text; also numbers of orders, refunds and parties, which no format may read as figures.
    case text(String)
    /// A count.
    case count(Int64)
    /// Money, shown in yuan.
    case money(Money)
    /// A moment, shown in Beijing time to the second.
    case time(Timestamp)
    /// Nothing: not zero.
    case empty

    /// Text, or nothing where there is none.
    public static func text(orEmpty text: String?) -> ReportCell {
        text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty
    }

    /// Money, or nothing where there is none.
    public static func money(orEmpty money: Money?) -> ReportCell {
        money.map(Self.money) ?? .empty
    }

    /// A moment, or nothing where there is none.
    public static func time(orEmpty time: Timestamp?) -> ReportCell {
        time.map(Self.time) ?? .empty
    }
}

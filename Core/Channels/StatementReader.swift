public import Payments

/// Reads the bill files of one account at a channel. Needs no keys and makes no network call.
public protocol StatementReader: Sendable {
    /// The account that orders are paid to.
    var account: ChannelAccount { get }

    /// Reads a day's bill as the channel exports it.
    /// - Parameter file: the file as it was downloaded.
    /// - Throws: `BillError` with the line for anything that does not fit: a file that is cut, a
    ///   bill of another account or day, a footer that differs from the sum of the lines.
    func statement(in file: [UInt8], of day: BusinessDay) throws(BillError) -> Statement
}

extension StatementReader {
    /// The channel's name in events, tables and routes.
    public var name: String { account.channel }
}

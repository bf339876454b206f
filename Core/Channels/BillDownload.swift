/// What came of fetching a day's bill.
public enum BillDownload: Sendable, Hashable {
    /// The file as it was received.
    case file([UInt8])
    /// It isn't made yet.
    case notYet
    /// The channel has nothing for the day. Believe it only hours after bills are due, and never if
    /// the platform has payments of that day.
    case empty
}

/// The result of a bill's download.
public enum BillDownload: Sendable, Hashable {
    /// The file as it was received.
    case file([UInt8])
    /// The channel has not made it yet.
    case notYet
    /// The channel has no transactions of the day. Proof only hours after bills are due, and never
    /// where the platform has payments of that day.
    case empty
}

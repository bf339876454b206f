/// The result of a bill's download.
public enum BillDownload: Sendable, Hashable {
    /// The file as it was received.
    case file([UInt8])
    /// The channel has not made it yet.
    case notYet
    /// The channel has no transactions of the day. Conclusive only hours after bills are due, and
    /// only where the platform has no payments of that day.
    case empty
}

/// Why the channel's console refuses.
public struct ConsoleRefusal: Error, Sendable, Equatable {
    /// The channel's reason.
    public let reason: TradeRefusal
}

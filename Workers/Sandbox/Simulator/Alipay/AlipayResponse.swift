/// What the simulated gateway or cashier returns.
enum AlipayResponse: Sendable, Equatable {
    /// The envelope of a server call, status 200.
    case json(String)
    /// The envelope of a server call, in real time that much later.
    case late(String, seconds: Int)
    /// Instead of the envelope, or the envelope in another charset.
    case bytes([UInt8], status: Int)
    /// The beginning of the envelope; then the connection ends.
    case lost([UInt8])
    /// The cashier of a trade.
    case cashier(Trade)
    /// A page for the payer with the reason of the refusal.
    case refusedPage(String)
    /// Paid: the browser is redirected to the merchant.
    case redirect(String)
    /// Paid, and the merchant named no return address.
    case paidPage(Trade)
}

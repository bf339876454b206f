/// What the simulated gateway or cashier gives back.
enum AlipayResponse: Sendable, Equatable {
    /// The envelope of a server call, status 200.
    case json(String)
    /// The cashier of a trade.
    case cashier(Trade)
    /// A page for the payer that says why not.
    case refusedPage(String)
    /// Paid: the browser goes back to the merchant.
    case redirect(String)
    /// Paid, and there is nowhere to go back to.
    case paidPage(Trade)
}

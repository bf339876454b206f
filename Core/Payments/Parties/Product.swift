/// A payment product: how the payer pays.
public enum Product: String, Sendable, Hashable, Codable, CaseIterable {
    /// Instant payment on a desktop web page.
    case pc = "PC"
    /// Payment on a mobile web page.
    case wap = "WAP"
    /// Payment from the merchant's own app.
    case app = "APP"
}

/// How the payer pays: the product a merchant is opened for.
public enum Product: String, Sendable, Hashable, Codable, CaseIterable {
    /// Instant payment on a computer's page.
    case pc = "PC"
    /// Payment on a phone's page.
    case wap = "WAP"
    /// Payment from a merchant's own app.
    case app = "APP"
}

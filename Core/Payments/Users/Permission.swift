/// A page of the console, or a group of them.
public enum Permission: String, Sendable, CaseIterable {
    /// Orders of the user's subtree, with their timelines.
    case orders
    /// Orders and refunds in progress past their time.
    case stuck
    /// Attempts of deliveries.
    case deliveries
    /// Records that a worker couldn't process.
    case deadLetters = "dead_letters"
    /// Reconciliations, settlements and payouts of a day.
    case days
    /// Decisions on differences; above a limit two persons with it.
    case resolutions
    /// Reports: a platform's user has all of them, a merchant and an agent their own.
    case reports
    /// Applications of agents and merchants: the list, each, and entering them.
    case applications
    /// Deciding on applications that another person entered.
    case reviews
    /// The console's users.
    case users
}

/// What a user of the console may do; `docs/permissions.md` is the table.
public enum UserRole: String, Sendable, CaseIterable {
    /// Everything, users included.
    case superAdmin = "super_admin"
    /// Runs the platform's daily work: orders, deliveries, dead letters, parties.
    case `operator`
    /// Approves what another user entered.
    case reviewer
    /// Reads the books: days, settlements, payouts.
    case finance
    /// Answers questions of merchants: reads orders and deliveries.
    case support
    /// An agent's administrator.
    case agentAdmin = "agent_admin"
    /// An agent's employee.
    case agentStaff = "agent_staff"
    /// A merchant's user.
    case merchant

    /// Whether it is of the platform, and sees every party; any other sees its own subtree alone.
    public var isPlatform: Bool {
        switch self {
        case .superAdmin, .operator, .reviewer, .finance, .support: true
        case .agentAdmin, .agentStaff, .merchant: false
        }
    }

    /// Whether a sign-in needs a one-time code besides the password.
    public var needsOneTimeCode: Bool { isPlatform || self == .agentAdmin }

    /// The pages and actions that it may use.
    public var permissions: Set<Permission> {
        switch self {
        case .superAdmin: Set(Permission.allCases)
        case .operator:
            [.orders, .stuck, .deliveries, .deadLetters, .days, .reports, .applications]
        case .reviewer:
            [.orders, .stuck, .deliveries, .days, .resolutions, .reports, .applications, .reviews]
        case .finance: [.orders, .days, .resolutions, .reports]
        case .support: [.orders, .stuck, .deliveries]
        case .agentAdmin: [.orders, .reports, .applications]
        case .merchant: [.orders, .reports]
        case .agentStaff: [.orders]
        }
    }
}

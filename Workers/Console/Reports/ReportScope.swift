import Payments
import Reports
import Store

/// Which reports a user may have, and about whom they then are.
struct ReportScope: Sendable, Equatable {
    /// The user's reports, the usual first; none for a role that has none.
    let kinds: [ReportKind]
    /// The merchant that every report is about; `nil` where the user may choose, or leave it out.
    let merchantNo: String?
    /// The agent that every report is about; `nil` likewise.
    let agentNo: String?

    /// A platform's user may have every report; a merchant its settlements, an agent its shares.
    init(of user: User) {
        guard user.role.permissions.contains(.reports) else {
            (kinds, merchantNo, agentNo) = ([], nil, nil)
            return
        }
        switch user.role {
        case .merchant: (kinds, merchantNo, agentNo) = ([.settlement], user.partyNo, nil)
        case .agentAdmin: (kinds, merchantNo, agentNo) = ([.profitShare], nil, user.partyNo)
        default:
            (kinds, merchantNo, agentNo) =
                user.role.isPlatform ? (ReportKind.allCases, nil, nil) : ([], nil, nil)
        }
    }
}

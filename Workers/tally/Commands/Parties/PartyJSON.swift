import Payments
import Store

/// A party as JSON.
struct PartyJSON: Encodable {
    let partyNo: String
    let kind: String
    let parentNo: String?
    let name: String
    let status: String
    let frozenBy: String?
    let callbackURL: String?

    init(_ party: PartyList.Row) {
        partyNo = party.partyNo
        kind = party.kind.rawValue
        parentNo = party.parentNo
        name = party.name
        status = party.status
        frozenBy = party.frozenBy
        callbackURL = party.callbackURL
    }
}

extension PartyList.Row {
    /// The status, with the party above that freezes it.
    var standing: String {
        frozenBy.map { "\(status), frozen by \($0)" } ?? status
    }
}

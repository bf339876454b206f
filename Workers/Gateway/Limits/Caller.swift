import WorkerRuntime

/// Whom a request is counted for.
enum Caller: Sendable, Hashable {
    /// A party, from an address that orders of it were accepted from.
    case party(String)
    /// Somebody at an address who names a party: who hasn't proven to be it can't use up its quota.
    case unproven(partyNo: String, address: AddressBytes?)

    var isProven: Bool {
        switch self {
        case .party: true
        case .unproven: false
        }
    }
}

/// What a process can be.
enum Role: String, CaseIterable, Sendable {
    case gateway, signature, callback, inquiry, statements, reconciliation, settlement

    /// The arguments that start it.
    var arguments: [String] { self == .gateway ? ["gateway"] : ["worker", rawValue] }
}

/// What a process can be.
package enum Role: String, CaseIterable, Sendable {
    case gateway, signature, callback, delivery, inquiry, statements, reconciliation, settlement

    /// Which worker reads which topic, and keeps its offsets in the database.
    package static let readers: [String: String] = [
        "orders.submitted": "signature", "callbacks.received": "callback",
        "statements.lines": "reconciliation", "statements.closed": "reconciliation",
        "reconciliations.completed": "settlement",
    ]

    /// The arguments that start it.
    package var arguments: [String] { self == .gateway ? ["gateway"] : ["worker", rawValue] }
}

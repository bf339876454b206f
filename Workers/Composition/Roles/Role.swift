/// The roles of a process, named as in `tally gateway` and `tally worker ROLE`.
package enum Role: String, CaseIterable, Sendable {
    case gateway, signature, callback, delivery, inquiry, statements, reconciliation, settlement,
        onboarding
    case console

    /// The worker that reads a topic and stores its offsets, by topic.
    package static let readers: [String: String] = [
        "orders.submitted": "signature", "callbacks.received": "callback",
        "statements.lines": "reconciliation", "statements.closed": "reconciliation",
        "reconciliations.completed": "settlement", "merchants.applied": "onboarding",
    ]

    /// The arguments of `tally` that start the role.
    package var arguments: [String] { servesPeople ? [rawValue] : ["worker", rawValue] }

    /// Whether it serves requests from outside: a command of its own, no worker.
    package var servesPeople: Bool { self == .gateway || self == .console }
}

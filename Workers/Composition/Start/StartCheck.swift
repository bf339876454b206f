/// Something that a role needs before it begins.
protocol StartCheck: Sendable {
    /// What is missing and what to do, a line each; empty where everything is there.
    func missing() async -> [String]

    /// Releases what the check holds; called once, after its last use.
    func end() async
}

extension StartCheck {
    func end() async {}
}

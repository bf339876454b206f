/// What the player remembers while it plays: each lane's order and the report.
actor PlayLedger {
    /// What a merchant and its payer know of their order.
    struct Lane: Sendable {
        /// The bytes of the first submission.
        var body: [UInt8] = []
        var orderNo: String?
        var payURL: String?
        var payParams: String?
        /// Whether the cashier let the payer in.
        var isAtCashier = false
    }

    private(set) var report = PlayReport()
    private var lanes: [Int: Lane] = [:]
    private var nonces = 0

    func lane(_ index: Int) -> Lane { lanes[index] ?? Lane() }

    func update(_ index: Int, _ change: @Sendable (inout Lane) -> Void) {
        change(&lanes[index, default: Lane()])
    }

    func count(_ member: WritableKeyPath<PlayReport, Int> & Sendable) {
        report[keyPath: member] += 1
    }

    func record(_ surprise: String) { report.record(surprise) }

    /// A nonce that no other request of the play has.
    func nonce() -> String {
        nonces += 1
        return "n\(nonces)"
    }
}

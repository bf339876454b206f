/// The player's state: each lane's order, and the report.
actor PlayLedger {
    /// What the merchant and the payer of an order know.
    struct Lane: Sendable {
        /// The bytes of the first submission.
        var body: [UInt8] = []
        var orderNo: String?
        var payURL: String?
        var payParams: String?
        /// Whether the payer has opened the cashier.
        var isAtCashier = false
    }

    private(set) var report = PlayReport()
    private var lanes: [Int: Lane] = [:]
    private var nonces = 0

    func lane(_ index: Int) -> Lane { lanes[index] ?? Lane() }

    func update(_ index: Int, _ change: @Sendable (inout Lane) -> Void) {
        change(&lanes[index, default: Lane()])
    }

    func count(_ figure: WritableKeyPath<PlayReport, Int> & Sendable) {
        report[keyPath: figure] += 1
    }

    func record(_ detail: String) { report.record(detail) }

    /// A nonce that no other request of the play has.
    func nonce() -> String {
        nonces += 1
        return "n\(nonces)"
    }
}

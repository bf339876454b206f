import Payments

@testable import Store

/// A payout of 120.00 yuan as it is claimed, and the key that its card is sealed under.
enum Job {
    /// A fixed key: it seals nothing but the tests' card.
    static func sealer() throws -> Sealer {
        try Sealer(masterKey: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    }

    static func payout(attempt: Int32 = 1, hasCard: Bool = true) throws -> ClaimPayouts.Row {
        let sealer = try sealer()
        let context = PutSettlementCard.sealContext(partyNo: "M1")
        return ClaimPayouts.Row(
            payoutNo: "P1", merchantNo: "M1", amount: Money(fen: 12_000), attempt: attempt,
            payeeNameSealed: hasCard ? try sealer.seal("张三", context: context) : nil,
            cardNoSealed: hasCard ? try sealer.seal("6222020000000000", context: context) : nil)
    }
}

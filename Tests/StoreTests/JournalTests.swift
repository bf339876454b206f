import Payments
import Postgres
import Store
import Testing

/// What is posted is final: the database refuses every change of a journal.
@Suite(.timeLimit(.minutes(2))) struct JournalTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws {
        shop = try await Shop.open()
        for amount in [100, 200] as [Int64] {
            _ = try await connection.run(
                PostJournal(
                    try Journal(
                        .payoutSucceeded, reference: "P\(amount)",
                        [
                            .init(.payoutInTransit, Money(fen: amount)),
                            .init(.bank, Money(fen: -amount)),
                        ]), now: Shop.noon))
        }
    }

    private static let entry = "insert into journal_entries (journal_id, account, amount_fen)"
    private static let newJournal =
        "insert into journals (kind, reference, posted_at) values ('payout_failed', 'F', now())"

    @Test(arguments: [
        "update journals set reference = 'x' where reference = 'P100'",
        "update journals set kind = kind",
        "delete from journals",
        "truncate journals cascade",
        "truncate journal_entries",
        "update journal_entries set amount_fen = 2 * amount_fen",
        "update journal_entries set journal_id = (select max(journal_id) from journals)",
        "delete from journal_entries",
        // Balanced as a whole, and of no use to anybody honest.
        "delete from journal_entries where journal_id = (select min(journal_id) from journals)",
        newJournal,
        "with made as (\(newJournal) returning journal_id) \(entry) "
            + "select journal_id, 'bank', 5 from made",
        // A pair that balances, in a journal of an earlier transaction.
        """
        insert into accounts (account, kind, party_no) values
            ('merchant_payable:M1', 'merchant_payable', 'M1'),
            ('merchant_payable:M2', 'merchant_payable', 'M2') on conflict do nothing;
        \(entry) select min(journal_id), 'merchant_payable:M1', 7 from journals
            union all select min(journal_id), 'merchant_payable:M2', -7 from journals
        """,
    ])
    func whatIsPostedIsFinal(sql: String) async throws {
        let before = try await entries()
        await #expect(throws: PostgresError.self) {
            try await connection.executeScript("begin; \(sql); commit")
        }
        try await connection.execute("rollback")
        #expect(try await entries() == before)
        #expect(before.count == 4)
    }

    private func entries() async throws -> [String] {
        try await connection.texts(
            "select concat_ws(' ', kind, reference, account, amount_fen) from journals "
                + "join journal_entries using (journal_id) order by 1")
    }
}

import Events
import Payments
import Postgres
import Store
import TestStack

/// What the outbox costs: a batch's events stored in one commit and deleted in another, as one row
/// of bytes, beside a row an event and beside the two commits alone.
struct OutboxBench {
    let stack: BenchStack
    /// Events in all.
    let events: Int

    private static let batch = 4_000

    func run(into table: inout Table) async throws {
        try await stack.database.executeScript(
            """
            create table bench_outbox_rows (
                id bigint generated always as identity primary key, topic text not null,
                key text not null, value text not null, headers text not null);
            create table bench_ticks (id integer primary key, n bigint not null);
            insert into bench_ticks values (1, 0)
            """)
        let batch = try (0..<Self.batch).map(Self.event)
        // The first round warms up; it isn't reported.
        var packed = 0.0
        var rows = 0.0
        var alone = 0.0
        for _ in 0..<2 {
            alone = try await rate { try await commits() }
            packed = try await rate { try await storePacked(batch) }
            rows = try await rate { try await storeRows(batch) }
        }
        table.add("two commits a batch alone", alone, "\(Self.batch) events a batch")
        table.add(
            "outbox, one row a batch", packed,
            "\(microseconds(packed, alone)) us an event; ours, stored and deleted")
        table.add(
            "outbox, one row an event", rows,
            "\(microseconds(rows, alone)) us an event; ours is " + ratio(packed, rows))
    }

    // What an event takes beyond the commits.
    private func microseconds(_ rate: Double, _ alone: Double) -> String {
        let tenths = (10_000_000 / rate - 10_000_000 / alone).rounded()
        return "\(tenths / 10)"
    }

    private func rate(_ body: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        let rounds = max(1, events / Self.batch)
        for _ in 0..<rounds { try await body() }
        return Double(rounds * Self.batch) / ((ContinuousClock.now - start) / .seconds(1))
    }

    private func commits() async throws {
        for _ in 0..<2 {
            try await stack.database.execute("update bench_ticks set n = n + 1 where id = 1")
        }
    }

    private func storePacked(_ batch: [OutgoingEvent]) async throws {
        let ids = try await stack.database.transaction { transaction in
            try await transaction.run(
                AddToOutbox(worker: "bench", sources: ["orders.submitted/0"], events: batch))
        }
        _ = try await stack.database.transaction { transaction in
            try await transaction.run(DeleteFromOutbox(ids: ids))
        }
    }

    private func storeRows(_ batch: [OutgoingEvent]) async throws {
        _ = try await stack.database.transaction { transaction in
            try await transaction.run(AddRows(events: batch))
        }
        try await stack.database.execute("delete from bench_outbox_rows")
    }

    private static func event(_ index: Int) throws -> OutgoingEvent {
        let now = Timestamp(microseconds: 1_795_000_000_000_000)
        let accepted = OrderAccepted(
            envelope: OrderAccepted.envelope(at: now),
            orderNo: "T20261123C\(1_000_000 + index)", merchantNo: "M\(301 + index % 24)",
            merchantOrderNo: "C\(1_000_000 + index)", product: .wap,
            amountFen: Money(fen: 9_850), status: .accepted, acceptedAt: EventTime(now),
            expiresAt: EventTime(now), submissionID: .make(at: now), repeated: false)
        return try OutgoingEvent(accepted, traceparent: TraceContext.new().description)
    }
}

/// The same events, a row each.
private struct AddRows: PostgresStatement {
    let events: [OutgoingEvent]

    static let sql = """
        insert into bench_outbox_rows (topic, key, value, headers)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(events.map(\.topic))
        bindings.append(events.map { String(decoding: $0.key ?? [], as: UTF8.self) })
        bindings.append(events.map { String(decoding: $0.value, as: UTF8.self) })
        bindings.append(
            events.map { event in
                event.headers.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
                    .joined(separator: "\n")
            })
    }
}

import Kafka
import Payments
import Postgres
import Store
import WorkerRuntime

/// Has one effect a record: a row in `effects` with the record's value, and an event with the same
/// value. Rows are not unique, so that a repeated effect is visible.
struct CountingWorker: Worker {
    typealias OnPrepare = @Sendable ([String]) async -> Void
    typealias OnApply = @Sendable ([String], PostgresTransaction) async throws -> Void

    let name: String
    let topics: [String]
    let output: String
    let onPrepare: OnPrepare
    let onApply: OnApply

    /// The prefix of values that `prepare` can't decode.
    static let unreadable = "unreadable"
    /// The prefix of values that `apply` returns as poison.
    static let hopeless = "hopeless"

    func prepare(_ records: [KafkaRecord]) async -> [Preparation<String>] {
        let values = records.map { String(decoding: $0.value, as: UTF8.self) }
        await onPrepare(values)
        return values.map { value in
            value.hasPrefix(Self.unreadable)
                ? .poison(Poison(reason: "malformed_json", error: "at byte 1")) : .ready(value)
        }
    }

    func apply(
        _ items: [String], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        try await onApply(items, transaction)
        var effect = BatchEffect()
        for (index, item) in items.enumerated() where item.hasPrefix(Self.hopeless) {
            effect.poison[index] = Poison(reason: "hopeless", error: "not \(item)")
        }
        let good = items.filter { !$0.hasPrefix(Self.hopeless) }
        var bindings = PostgresBindings()
        bindings.append(good)
        try await transaction.execute(
            "insert into effects (id) select unnest($1::text[])", bindings)
        effect.events = good.map {
            OutgoingEvent(topic: output, key: nil, value: Array($0.utf8), headers: [])
        }
        return effect
    }
}

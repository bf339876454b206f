import Events
import Kafka
import Payments
import Postgres
import Store

/// Sends dead letters back to where they came from, unchanged but for the two replay headers.
///
/// Taking the letters, writing down who did it and storing what is to be published is one
/// transaction, so a letter is replayed once, whoever else replays and whatever crashes.
public struct Replay: Sendable {
    private let outbox: OutboxTransactions

    /// - Parameter outbox: publishes what was taken.
    public init(outbox: OutboxTransactions) { self.outbox = outbox }

    /// Replays open letters, oldest first.
    /// - Parameters:
    ///   - reasons: only letters of these reasons; empty means all.
    ///   - actor: who does it, for the audit log.
    public func run(reasons: [String], limit: Int32, actor: String, now: Timestamp) async throws {
        try await outbox.run { transaction in
            let letters = try await transaction.run(
                TakeForReplay(reasons: reasons, limit: limit, actor: actor, now: now))
            for letter in letters {
                _ = try await transaction.run(
                    AddToAuditLog(
                        actor: actor, action: "dead_letter.replay",
                        subject: letter.id.description, detail: letter.topic, now: now))
            }
            return letters.map(Self.record)
        }
    }

    private static func record(_ letter: TakeForReplay.Row) -> OutgoingEvent {
        let kept = letter.headers.filter {
            $0.name != ReplayHeader.from && $0.name != ReplayHeader.count
        }
        return OutgoingEvent(
            topic: letter.topic, key: letter.key, value: letter.value,
            headers: kept + [
                .init(ReplayHeader.from, letter.id.description),
                .init(ReplayHeader.count, String(letter.replayCount + 1)),
            ])
    }
}

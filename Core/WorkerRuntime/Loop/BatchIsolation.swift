import Payments
import Postgres
import Store

/// Finds the items that break the handler: applies a batch in parts, each after a savepoint of the
/// one transaction, and halves a part that fails until the item is alone. A batch of n items, all
/// of them poison, costs 2n − 1 calls of the handler and one transaction.
struct BatchIsolation<W: Worker>: Sendable {
    let worker: W
    let transaction: PostgresTransaction
    let now: Timestamp

    /// - Returns: the effect of all parts; items that break the handler are its poison.
    /// - Throws: what isn't an item's fault.
    func apply(_ items: [W.Item]) async throws -> BatchEffect {
        var effect = BatchEffect()
        // The next part is the last, so that the parts keep the items' order.
        var parts = [items.startIndex..<items.endIndex]
        while let part = parts.popLast() {
            do {
                let one = try await transaction.savepoint {
                    try await checkedEffect(of: items[part])
                }
                effect.append(one, of: part)
            } catch {
                guard case .poison(let why) = Verdict(error) else { throw error }
                if part.count == 1 {
                    effect.poison[part.lowerBound] = why
                } else {
                    let middle = part.lowerBound + part.count / 2
                    parts.append(middle..<part.upperBound)
                    parts.append(part.lowerBound..<middle)
                }
            }
        }
        return effect
    }

    private func checkedEffect(of items: ArraySlice<W.Item>) async throws -> BatchEffect {
        let effect = try await worker.apply(Array(items), in: transaction, now: now)
        try EventSize.check(effect.events)
        // Otherwise an item could still fail the commit.
        _ = try await transaction.run(CheckConstraints())
        return effect
    }
}

extension BatchEffect {
    /// Adds the effect of a part of the items.
    fileprivate mutating func append(_ other: BatchEffect, of part: Range<Int>) {
        events += other.events
        rejectedCount += other.rejectedCount
        for (index, why) in other.poison { poison[part.lowerBound + index] = why }
    }
}

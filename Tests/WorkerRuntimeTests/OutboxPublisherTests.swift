import Kafka
import Logging
import Store
import Synchronization
import TestWaiting
import Testing

@testable import WorkerRuntime

/// The publisher's order and its acknowledgements, without a broker or a database.
@Suite(.timeLimit(.minutes(1))) struct OutboxPublisherTests {
    private struct Unavailable: Error {}

    /// Stands in for the broker and the table, and records the calls.
    private final class Outbox: Sendable {
        struct State {
            var log: [String] = []
            var failures = 0
            var failingDeletes = 0
        }

        let state: Mutex<State>
        let mayAcknowledge: Signal?

        init(failures: Int = 0, mayAcknowledge: Signal? = nil) {
            state = Mutex(State(failures: failures))
            self.mayAcknowledge = mayAcknowledge
        }

        var log: [String] { state.withLock { $0.log } }

        func publisher(limit: Int = 4) -> OutboxPublisher {
            OutboxPublisher(
                metrics: WorkerMetrics(worker: "w", registry: MetricsRegistry()), limit: limit,
                crashPoints: .unwatched,
                logger: Logger(label: "outbox-publisher-tests") { _ in
                    SwiftLogNoOpLogHandler()
                }
            ) { events in
                let values = events.map { String(decoding: $0.value, as: UTF8.self) }
                try await self.mayAcknowledge?.waitUnlessCancelled()
                try self.state.withLock { state in
                    if state.failures > 0 {
                        state.failures -= 1
                        throw Unavailable()
                    }
                    state.log += values.map { "acknowledged \($0)" }
                }
            } delete: { ids in
                try self.state.withLock { state in
                    if state.failingDeletes > 0 {
                        state.failingDeletes -= 1
                        throw Unavailable()
                    }
                    state.log += ids.map { "deleted \($0)" }
                }
            }
        }
    }

    private func row(_ id: Int64) -> OutboxRow {
        OutboxRow(
            id: id,
            events: [
                OutgoingEvent(topic: "t", key: nil, value: Array("\(id)".utf8), headers: [])
            ])
    }

    @Test func aRowIsDeletedOnlyOnceItsEventsAreAcknowledged() async {
        let outbox = Outbox(failures: 2)
        let publisher = outbox.publisher()
        await publisher.publish(row(1))
        await publisher.drain()
        #expect(outbox.log == ["acknowledged 1", "deleted 1"])
    }

    @Test func rowsArePublishedInTheirOrderAcrossFailures() async {
        let outbox = Outbox(failures: 1)
        let publisher = outbox.publisher()
        for id in 1...20 as ClosedRange<Int64> { await publisher.publish(row(id)) }
        await publisher.drain()
        let acknowledged = outbox.log.filter { $0.hasPrefix("acknowledged") }
        #expect(acknowledged == (1...20).map { "acknowledged \($0)" })
        #expect(outbox.log.filter { $0.hasPrefix("deleted") }.count == 20)
    }

    @Test func aFullQueueHoldsUpTheNextRow() async throws {
        let mayAcknowledge = Signal()
        let outbox = Outbox(mayAcknowledge: mayAcknowledge)
        let publisher = outbox.publisher(limit: 2)
        for id in 1...2 as ClosedRange<Int64> { await publisher.publish(row(id)) }
        let (third, returned) = (row(3), Calls())
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await publisher.publish(third)
                _ = await returned.next()
            }
            // Not before the broker acknowledges: nothing else resumes it.
            for _ in 0..<100 { await Task.yield() }
            #expect(await returned.count == 0)
            await mayAcknowledge.set()
        }
        await publisher.drain()
        #expect(outbox.log.last == "deleted 3")
    }

    @Test func rowsAfterAbandonedOnesAreNotPublished() async {
        let outbox = Outbox(failures: .max)
        let publisher = outbox.publisher()
        await publisher.publish(row(1))
        await publisher.finish(within: .seconds(30))
        // The next owner publishes row 1; row 2 would overtake it.
        outbox.state.withLock { $0.failures = 0 }
        await publisher.publish(row(2))
        await publisher.drain()
        #expect(outbox.log == [])
        await publisher.begin()
        await publisher.publish(row(3))
        await publisher.drain()
        #expect(outbox.log == ["acknowledged 3", "deleted 3"])
    }

    @Test func aDeleteThatFailsIsRepeatedAndThePublishIsNot() async {
        let outbox = Outbox()
        outbox.state.withLock { $0.failingDeletes = 3 }
        let publisher = outbox.publisher()
        await publisher.publish(row(1))
        await publisher.publish(row(2))
        await publisher.drain()
        #expect(outbox.log.filter { $0 == "acknowledged 1" }.count == 1)
        #expect(
            outbox.log.filter { $0.hasPrefix("deleted") }.sorted() == ["deleted 1", "deleted 2"])
    }

    @Test func aTakeoverDeletesWhatWasAcknowledgedBeforeAndDoesNotPublishItAgain() async {
        let outbox = Outbox()
        outbox.state.withLock { $0.failingDeletes = .max }
        let publisher = outbox.publisher()
        await publisher.publish(row(1))
        await publisher.finish(within: .milliseconds(200))
        outbox.state.withLock { $0.failingDeletes = 0 }
        // The row is still in the table, so it is among the leftovers.
        await publisher.begin()
        await publisher.publish(row(1))
        await publisher.drain()
        #expect(outbox.log == ["acknowledged 1", "deleted 1"])
    }

    @Test func aBrokerThatNeverAnswersDoesNotHoldUpARebalance() async {
        let outbox = Outbox(mayAcknowledge: Signal())
        let publisher = outbox.publisher()
        await publisher.publish(row(1))
        await publisher.drain(within: .milliseconds(200))
        #expect(outbox.log == [])
        // The next owner publishes the row: one after it must not overtake it.
        await publisher.publish(row(2))
        await publisher.drain()
        #expect(outbox.log == [])
    }
}

import Embedded
import Events
import Foundation
import Kafka
import Postgres
import TestStack
import TestWaiting
import Testing
import WorkerRuntime

extension OutsideTests {
    /// Workers that are killed in the middle of their work lose nothing and do nothing twice.
    ///
    /// `CRASH_ORDERS=20000 swift test --filter CrashSuite` runs it with more orders than 5,000.
    @Suite("kill -9", .serialized) struct CrashSuite {
        private let orders =
            ProcessInfo.processInfo.environment["CRASH_ORDERS"].flatMap { Int($0) } ?? 5_000

        @Test func signatureWorkerIsKilledAndLosesNothing() async throws {
            // More than one batch, so that the first commit leaves work.
            try #require(orders > BatchLimits().records)
            try await CrashStack.with { stack in try await run(on: stack) }
        }

        private func run(on stack: CrashStack) async throws {
            let started = ContinuousClock.now
            let ends = try await publish(on: stack)
            var kills = 0
            for step in [CrashPoint.applied, .committed, .published] {
                try await crash(at: step, on: stack)
                kills += 1
            }
            let worker = try stack.worker("signature")
            try await wait(until: orders, by: worker, on: stack)
            try await eventually("everything is published") {
                try await stack.count("select count(*) from outbox") == 0
            }
            worker.signal(SIGTERM)
            let ending = try await worker.ending(within: .seconds(30))
            #expect(ending.status == 0, "\(ending.errors.suffix(2_000))")

            try await checkLog(on: stack)
            try await checkLedger(of: stack, ends: ends)
            let repeats = try await checkReplies(of: stack)
            // Its outbox row was still there when the worker was killed after publishing.
            #expect(repeats > 0)
            let report = try await audit(stack)
            print(
                "kills=\(kills) orders=\(report.published) lost=\(report.lost) "
                    + "doubled=\(report.doubled) repeated_events=\(repeats) "
                    + "seconds=\((ContinuousClock.now - started) / .seconds(1))")
        }

        // The worker kills itself the first time that it reaches the step; work is left.
        private func crash(at step: CrashPoint, on stack: CrashStack) async throws {
            let before = try await stack.count("select count(*) from orders")
            let worker = try stack.worker("signature", crashAt: "\(step.rawValue):1")
            let ending = try await worker.ending(within: .seconds(120))
            #expect(ending.status == 128 + SIGKILL, "\(step): \(ending.errors.suffix(2_000))")
            let stored = try await stack.count("select count(*) from orders")
            let unpublished = try await stack.count("select count(*) from outbox")
            switch step {
            case .polled, .applied: #expect(stored == before && stored < orders)
            case .committed: #expect(stored > before && stored < orders && unpublished > 0)
            // It may be at rows that the process before it left.
            case .publishing, .published: #expect(stored >= before && unpublished > 0)
            }
        }

        private func publish(on stack: CrashStack) async throws -> [TopicPartition: Int64] {
            let producer = try KafkaProducer(
                settings: KafkaSettings(brokers: stack.broker.brokers), logger: quiet)
            for start in stride(from: 0, to: orders, by: 1_000) {
                let records = try (start..<min(start + 1_000, orders)).map(stack.submission)
                _ = try await producer.send(records)
            }
            let ends = producer.acknowledgedEnds
            await producer.close()
            #expect(ends.values.reduce(0, +) == Int64(orders))
            return ends
        }

        private func wait(
            until count: Int, by worker: TallyProcess, on stack: CrashStack
        ) async throws {
            try await eventually("\(count) orders", within: .seconds(300)) {
                guard worker.isRunning else {
                    throw DeadlineError(description: "the worker ended: \(worker.errors)")
                }
                return try await stack.count("select count(*) from orders") >= count
            }
        }

        // The most verbose level logs no secret.
        private func checkLog(on stack: CrashStack) async throws {
            let worker = try stack.worker("signature", logLevel: "trace")
            try await eventually("the worker has started") {
                worker.errors.contains("worker started")
            }
            worker.signal(SIGTERM)
            let log = try await worker.ending(within: .seconds(30)).errors
            #expect(stack.secrets.count == 2)
            for secret in stack.secrets { #expect(!log.contains(secret)) }
        }

        private func checkLedger(
            of stack: CrashStack, ends: [TopicPartition: Int64]
        ) async throws {
            #expect(try await stack.count("select count(*) from orders") == orders)
            #expect(
                try await stack.count("select count(distinct submission_id) from orders")
                    == orders)
            #expect(try await stack.count("select count(*) from order_rejections") == 0)
            #expect(try await stack.count("select count(*) from dead_letters") == 0)
            var offsets: [TopicPartition: Int64] = [:]
            let rows = try await stack.database.execute(
                "select topic, partition, next_offset from consumer_offsets where next_offset > 0")
            for row in rows {
                let partition = TopicPartition(
                    topic: try row.text(0), partition: try row.int32(1))
                offsets[partition] = try row.int64(2)
            }
            #expect(offsets == ends)
            let audit = try await TallyProcess.run(
                ["audit"], settings: stack.settings(), folder: stack.folder)
            #expect(audit.status == 0, "\(audit.output)\(audit.errors)")
        }

        private func audit(_ stack: CrashStack) async throws -> Auditor.Report {
            let auditor = try Auditor(
                databaseURL: stack.postgres.url, brokers: stack.broker.brokers,
                folder: stack.folder)
            let report = try await auditor.audit([OrderSubmitted.topic: orders]).report
            #expect(report.published == orders && report.accepted == orders)
            #expect(report.lost == 0 && report.doubled == 0 && report.breaches.isEmpty, "\(report)")
            return report
        }

        // Publishing is at least once: a reply may come again, but only as the same event.
        private func checkReplies(of stack: CrashStack) async throws -> Int {
            let reader = try KafkaReader(
                settings: KafkaSettings(brokers: stack.broker.brokers),
                topics: [OrderAccepted.topic], from: .beginning, logger: quiet)
            var events: [String: Set<EventID>] = [:]
            var count = 0
            try await eventually("all replies are read") {
                let records = try await reader.poll(maxRecords: 1_000, wait: .milliseconds(300))
                for record in records {
                    let event = try EventCodec.decode(OrderAccepted.self, from: record.value)
                    events[event.orderNo, default: []].insert(event.envelope.eventID)
                    count += 1
                }
                let ends = await reader.endOffsets()
                return events.count >= orders && Int64(count) == ends.values.reduce(0, +)
            }
            await reader.close()
            #expect(events.count == orders)
            #expect(events.values.allSatisfy { $0.count == 1 })
            let stored = try await stack.database.execute(
                "select order_no, event_id::text from order_history where version = 1")
            for row in stored {
                let ids = events[try row.text(0)]?.map(\.description)
                #expect(ids == [try row.text(1)])
            }
            return count - orders
        }
    }
}

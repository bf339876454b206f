import Embedded
import Foundation
import Kafka
import Postgres
import Store
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// Replays of thousands of dead letters: one is killed in the middle, two run at the same time.
    ///
    /// `DEAD_LETTERS=100000 swift test --filter DeadLetterSuite` runs it with more than 2,000.
    @Suite("dead letters", .serialized) struct DeadLetterSuite {
        private let count =
            ProcessInfo.processInfo.environment["DEAD_LETTERS"].flatMap { Int($0) } ?? 2_000

        @Test func eachDeadLetterTakesEffectOnce() async throws {
            let stack = try await CrashStack.start()
            do {
                try await run(on: stack)
            } catch {
                await stack.stop()
                throw error
            }
            await stack.stop()
        }

        private func run(on stack: CrashStack) async throws {
            try await addDeadLetters(to: stack)
            try await look(at: stack)
            try await killInTheMiddle(of: stack)
            try await replayTwiceAtOnce(on: stack)
            try await checkLag(of: stack, isBehind: true)
            try await leaveOneStored(in: stack)
            let total = count + 1

            // What a killed command had stored and not published, a role publishes.
            let worker = try stack.worker("signature")
            try await eventually("each dead letter took effect", within: .seconds(300)) {
                guard worker.isRunning else {
                    throw DeadlineError(description: "the worker ended: \(worker.errors)")
                }
                return try await stack.count("select count(*) from orders") == total
            }
            try await eventually("everything is published", within: .seconds(120)) {
                try await stack.count("select count(*) from outbox") == 0
            }
            let repeats = try await checkTopic(of: stack, holds: total)
            try await eventually("repeats are read too") {
                try await stack.count("select sum(next_offset)::bigint from consumer_offsets")
                    == total + repeats
            }
            #expect(try await stack.count("select count(*) from orders") == total)
            #expect(try await stack.count("select count(*) from dead_letters") == count)
            try await checkLag(of: stack, isBehind: false)
            worker.signal(SIGTERM)
            #expect(try await worker.ending(within: .seconds(30)).status == 0)
            let effects = try await stack.count("select count(distinct submission_id) from orders")
            let orders = try await stack.count("select count(*) from orders")
            print(
                "dead_letters=\(count) kills=1 operators=2 lost=\(total - effects) "
                    + "doubled=\(orders - effects) repeats=\(repeats)")
        }

        private func addDeadLetters(to stack: CrashStack) async throws {
            for start in stride(from: 0, to: count, by: 500) {
                let records = try (start..<min(start + 500, count)).map(stack.submission)
                var bindings = PostgresBindings()
                bindings.append(records.map(\.key))
                bindings.append(records.map(\.value))
                bindings.append(Int64(start))
                try await stack.database.execute(
                    """
                    insert into dead_letters (dead_letter_id, worker, origin_topic,
                        origin_partition, origin_offset, record_key, record_value,
                        record_headers, reason, error, created_at)
                    select gen_random_uuid(), 'signature', 'orders.submitted', 0, $3 + n, k, v,
                        '\\x00000000', 'key_missing', 'a test', clock_timestamp()
                    from unnest($1::bytea[], $2::bytea[]) with ordinality as r (k, v, n)
                    """, bindings)
            }
        }

        private func tally(
            _ stack: CrashStack, _ arguments: String..., settings: [String: String] = [:]
        ) async throws -> TallyProcess.Ending {
            try await TallyProcess.run(
                arguments, settings: stack.settings().merging(settings) { $1 },
                folder: stack.folder)
        }

        private func look(at stack: CrashStack) async throws {
            let first = try await tally(stack, "dead-letters", "list", "--json", "--limit", "7")
            let page = try Self.object(first)
            let ids =
                (page["dead_letters"] as? [[String: Any]])?
                .compactMap { $0["dead_letter_id"] as? String } ?? []
            #expect(ids.count == 7)
            #expect(page["next"] as? String == ids.last)
            let second = try Self.object(
                await tally(
                    stack, "dead-letters", "list", "--json", "--limit", "7", "--after", ids[6]))
            let more =
                (second["dead_letters"] as? [[String: Any]])?
                .compactMap { $0["dead_letter_id"] as? String } ?? []
            #expect(Set(ids + more).count == 14)

            let shown = try await tally(stack, "dead-letters", "show", ids[0])
            #expect(shown.status == 0, "\(shown.errors)")
            #expect(shown.output.contains("orders.submitted/0"))
            #expect(shown.output.contains("\"merchant_order_no\": \"C0\""), "\(shown.output)")

            let plan = try Self.object(
                await tally(
                    stack, "dead-letters", "replay", "--reason", "key_missing", "--dry-run",
                    "--json"))
            #expect(plan["matched"] as? Int == count)
            #expect(
                try await stack.count("select count(*) from dead_letters where status <> 'open'")
                    == 0)
            let nobody = "00000000-0000-7000-8000-000000000000"
            for (arguments, status, word) in [
                (["replay", nobody], 1, "no dead letter \(nobody)"),
                (["show", nobody], 1, "no dead letter \(nobody)"),
                (["discard", nobody], 1, "no dead letter \(nobody)"),
                (["replay"], 2, "--all"), (["discard"], 2, "--all"),
                (["replay", "--all", "--rate", "fast"], 2, "fast"),
                (["replay", "--all", "--limit", "0"], 2, "--limit"),
                (["replay", nobody, "--all"], 2, "not both"),
                (["list", "--status", "lost"], 2, "lost"), (["show", "12"], 2, "12"),
            ] as [([String], Int32, String)] {
                let ending = try await TallyProcess.run(
                    ["dead-letters"] + arguments, settings: stack.settings(),
                    folder: stack.folder)
                #expect(ending.status == status, "\(arguments): \(ending)")
                #expect(ending.errors.contains(word), "\(arguments): \(ending)")
            }
            let unavailable = try await tally(
                stack, "dead-letters", "replay", "--all",
                settings: ["TALLY_KAFKA_BROKERS": "127.0.0.1:9"])
            #expect(unavailable.status == 1)
            #expect(
                unavailable.errors.contains("the broker at 127.0.0.1:9 is unavailable"),
                "\(unavailable.errors)")
        }

        private func killInTheMiddle(of stack: CrashStack) async throws {
            // At this rate it takes longer than the test waits for its first transaction.
            let rate = "\(max(1, count / 100))/s"
            let replay = try TallyProcess(
                ["dead-letters", "replay", "--all", "--rate", rate], settings: stack.settings(),
                folder: stack.folder)
            try await eventually("some are replayed") {
                try await stack.count(
                    "select count(*) from dead_letters where status = 'replayed'") > 0
            }
            replay.signal(SIGKILL)
            #expect(try await replay.ending(within: .seconds(10)).status == 128 + SIGKILL)
            let open = try await stack.count(
                "select count(*) from dead_letters where status = 'open'")
            #expect(open > 0 && open < count)
        }

        private func replayTwiceAtOnce(on stack: CrashStack) async throws {
            let open = try await stack.count(
                "select count(*) from dead_letters where status = 'open'")
            async let first = tally(stack, "dead-letters", "replay", "--all", "--json")
            async let second = tally(
                stack, "dead-letters", "replay", "--topic", "orders.submitted", "--json")
            let handled = try await [first, second].map { ending in
                #expect(ending.status == 0, "\(ending.errors)")
                return try Self.object(ending)["handled"] as? Int ?? -1
            }
            #expect(handled.allSatisfy { $0 >= 0 } && handled.reduce(0, +) == open)
            #expect(
                try await stack.count("select count(*) from dead_letters where status = 'open'")
                    == 0)
            // One entry in the audit log for each.
            #expect(
                try await stack.count(
                    "select count(*) from audit_log where action = 'dead_letter.replay'")
                    == count)
            #expect(
                try await stack.count("select count(distinct subject) from audit_log") == count)
            let again = try await tally(stack, "dead-letters", "replay", "--all", "--json")
            #expect(try Self.object(again)["handled"] as? Int == 0)
        }

        // What a command leaves that is killed between its commit and the broker's acknowledgement.
        private func leaveOneStored(in stack: CrashStack) async throws {
            let record = try stack.submission(count)
            let event = OutgoingEvent(
                topic: record.topic, key: record.key, value: record.value,
                headers: [.init("replayed-from", UUID().uuidString.lowercased())])
            _ = try await stack.database.run(
                AddToOutbox(worker: "dead-letters", sources: [], events: [event]))
        }

        private func checkLag(of stack: CrashStack, isBehind: Bool) async throws {
            let ending = try await tally(stack, "lag", "--json")
            #expect(ending.status == 0, "\(ending.errors)")
            let rows =
                try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
                as? [[String: Any]] ?? []
            let ours = rows.filter { $0["topic"] as? String == "orders.submitted" }
            #expect(ours.count == 6)
            #expect(ours.allSatisfy { $0["worker"] as? String == "signature" })
            let lag = ours.reduce(0) { $0 + ($1["lag"] as? Int ?? 0) }
            let ages = ours.compactMap { $0["oldest_age_seconds"] as? Double }
            if isBehind {
                #expect(lag > 0)
                #expect(ours.allSatisfy { $0["stored_offset"] is NSNull })
                #expect(ages.max().map { $0 > 0 && $0 < 600 } == true, "\(ending.output)")
            } else {
                #expect(lag == 0, "\(ending.output)")
                #expect(ages.allSatisfy { $0 == 0 })
            }
            let started = ContinuousClock.now
            let unavailable = try await tally(
                stack, "lag", settings: ["TALLY_KAFKA_BROKERS": "127.0.0.1:9"])
            #expect(unavailable.status == 1)
            #expect(
                unavailable.errors.contains("the broker at 127.0.0.1:9 is unavailable"),
                "\(unavailable.errors)")
            #expect(ContinuousClock.now - started < .seconds(20))
        }

        // Every dead letter is in the topic; publishing is at least once, some may be there twice.
        private func checkTopic(of stack: CrashStack, holds total: Int) async throws -> Int {
            let reader = try KafkaReader(
                settings: KafkaSettings(brokers: stack.broker.brokers),
                topics: ["orders.submitted"], from: .beginning, logger: quiet)
            var sources: [String: Int] = [:]
            try await eventually("all records are read") {
                for record in try await reader.poll(maxRecords: 5_000, wait: .milliseconds(300)) {
                    let header = record.headers.last { $0.name == "replayed-from" }
                    let source = header.map { String(decoding: $0.value, as: UTF8.self) }
                    sources[source ?? "none", default: 0] += 1
                }
                let ends = await reader.endOffsets()
                return ends.count == 6
                    && ends.values.reduce(0, +) == Int64(sources.values.reduce(0, +))
            }
            await reader.close()
            #expect(sources["none"] == nil)
            #expect(sources.count == total)
            return sources.values.reduce(0, +) - total
        }

        private static func object(_ ending: TallyProcess.Ending) throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
            return try #require(object as? [String: Any], "\(ending)")
        }
    }
}

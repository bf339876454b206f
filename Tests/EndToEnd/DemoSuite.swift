import Foundation
import TestStack
import Testing

extension OutsideTests {
    /// A whole business day, played by the executable.
    ///
    /// Each day's figures are compared with those that `oracle.py` computes from outside; those of
    /// seed 7 also with `golden-seed-7.json`. `UPDATE_GOLDEN=1 swift test --filter DemoSuite`
    /// writes that file anew.
    @Suite("tally demo", .serialized) struct DemoSuite {
        // The contract's fields, in its order.
        private static let fields = [
            "orders_submitted", "orders_accepted", "orders_rejected", "orders_paid",
            "orders_closed", "refunds", "deliveries_due", "deliveries_acknowledged", "matched",
            "platform_only", "channel_only", "amount_mismatch", "settlements", "paid_out_fen",
            "merchant_fee_fen", "channel_fee_fen", "agent_share_fen", "platform_share_fen",
            "dead_letters", "dead_letters_replayed", "audit", "seconds",
        ]

        @Test func dayIsTheGoldenOneAndHoldsEveryMishap() async throws {
            let figures = try await play(orders: 300, seed: 7)
            #expect(figures["orders_submitted"] == 300)
            #expect(
                figures["orders_submitted"]
                    == (figures["orders_accepted"] ?? 0) + (figures["orders_rejected"] ?? 0))
            #expect(
                figures["merchant_fee_fen"]
                    == ["channel_fee_fen", "agent_share_fen", "platform_share_fen"]
                    .reduce(0) { $0 + (figures[$1] ?? 0) })
            let mishaps = [
                "platform_only", "channel_only", "amount_mismatch", "dead_letters",
                "dead_letters_replayed", "refunds", "orders_closed", "settlements",
                "paid_out_fen",
            ]
            for name in mishaps { #expect((figures[name] ?? 0) >= 1, "\(name)") }
            #expect((figures["orders_rejected"] ?? 0) >= 5)
            #expect(
                (figures["deliveries_acknowledged"] ?? 0) < (figures["deliveries_due"] ?? 0))
            if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
                try Golden.write(figures, inOrderOf: Self.fields)
            }
            #expect(try Golden.read() == figures)
        }

        @Test func dayIsTheSameAcrossProcesses() async throws {
            let figures = try await play(orders: 300, seed: 7, "--processes")
            #expect(try Golden.read() == figures)
        }

        @Test func anotherDayIsWhatTheOracleComputesWhicheverProcessesAreKilled() async throws {
            let figures = try await play(
                orders: 150, seed: 5, "--processes", "--kills", "12"
            ) { errors in
                // By the step at which each kill happened, or at random.
                let line = errors.split(separator: "\n").first { $0.hasPrefix("killed:") }
                let kills = (line ?? "").split(separator: " ").dropFirst()
                    .compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }
                #expect(kills.reduce(0, +) == 12, "\(line ?? "no kill is reported")")
            }
            #expect(figures["orders_submitted"] == 150)
        }

        @Test func killsNeedProcesses() async throws {
            let folder = try TemporaryFolder.make("demo")
            defer { TemporaryFolder.remove(folder) }
            let ending = try await TallyProcess.run(["demo", "--kills", "3"], folder: folder)
            #expect(ending.status == 2)
            #expect(ending.errors.contains("--processes"))
        }

        @Test func tooSmallADayIsAUsageError() async throws {
            let folder = try TemporaryFolder.make("demo")
            defer { TemporaryFolder.remove(folder) }
            let ending = try await TallyProcess.run(["demo", "--orders", "3"], folder: folder)
            #expect(ending.status == 2)
            #expect(ending.errors.contains("--orders"))
        }

        /// Plays a day and has the oracle check it.
        /// - Parameter check: looks at what was written to standard error.
        /// - Returns: the figures of the last line of standard output.
        private func play(
            orders: Int, seed: Int, _ more: String..., check: (String) -> Void = { _ in }
        ) async throws -> [String: Int] {
            let folder = try TemporaryFolder.make("demo")
            defer { TemporaryFolder.remove(folder) }
            let arguments = ["demo", "--orders", "\(orders)", "--seed", "\(seed)"]
            let ending = try await TallyProcess.run(
                arguments + more + ["--data", folder + "/data"], folder: folder,
                within: .seconds(600))
            #expect(ending.status == 0, "\(ending.errors.suffix(4_000))")
            check(ending.errors)
            let line = String(try #require(ending.output.split(separator: "\n").last))
            let oracle = try TallyProcess(
                [
                    PrivatePython.script("EndToEnd/oracle.py"), "--simulator",
                    folder + "/data/simulator", "--line", line,
                ], folder: folder, name: "oracle", program: PrivatePython.find())
            let verdict = try await oracle.ending(within: .seconds(60))
            #expect(
                verdict.status == 0,
                "seed \(seed): \(verdict.output)\(verdict.errors.suffix(2_000)) \(line)")
            return try figures(of: line)
        }

        private func figures(of line: String) throws -> [String: Int] {
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object.count == Self.fields.count)
            let places = Self.fields.map { line.range(of: "\"\($0)\":")?.lowerBound }
            #expect(places.allSatisfy { $0 != nil }, "\(line)")
            #expect(places.compactMap { $0 }.sorted() == places.compactMap { $0 })
            #expect(object["audit"] as? String == "ok")
            #expect((object["seconds"] as? Double ?? 0) > 0)
            return object.filter { $0.key != "seconds" && $0.key != "audit" }
                .compactMapValues { $0 as? Int }
        }
    }
}

/// `golden-seed-7.json`: the figures of 300 orders of seed 7, as they were when somebody last
/// decided that they change.
private enum Golden {
    private static let file = URL(
        fileURLWithPath: PrivatePython.script("EndToEnd/golden-seed-7.json"))

    static func read() throws -> [String: Int] {
        try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
    }

    static func write(_ figures: [String: Int], inOrderOf names: [String]) throws {
        let lines = names.compactMap { name in figures[name].map { "  \"\(name)\": \($0)" } }
        try Data(("{\n" + lines.joined(separator: ",\n") + "\n}\n").utf8).write(to: file)
    }
}

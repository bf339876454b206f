import Foundation
import TestStack
import Testing

extension OutsideTests {
    /// A whole business day, played by the executable.
    @Suite("tally demo", .serialized) struct DemoSuite {
        private static let arguments = ["demo", "--orders", "150", "--seed", "5"]
        // The contract's members, in its order.
        private static let members = [
            "orders_submitted", "orders_accepted", "orders_rejected", "orders_paid",
            "orders_closed", "refunds", "deliveries_due", "deliveries_acknowledged", "matched",
            "platform_only", "channel_only", "amount_mismatch", "settlements", "paid_out_fen",
            "merchant_fee_fen", "channel_fee_fen", "agent_share_fen", "platform_share_fen",
            "dead_letters", "dead_letters_replayed", "audit", "seconds",
        ]

        @Test func dayHoldsAndIsTheSameAcrossProcesses() async throws {
            let one = try await play([])
            let figures = try figures(of: one)
            #expect(figures["orders_submitted"] == 150)
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

            let many = try await play(["--processes"])
            #expect(try self.figures(of: many) == figures)

            // Whoever dies when: the day is the same.
            let killed = try await play(["--processes", "--kills", "12"])
            #expect(try self.figures(of: killed) == figures)
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

        // The last line of standard output.
        private func play(_ more: [String]) async throws -> String {
            let folder = try TemporaryFolder.make("demo")
            defer { TemporaryFolder.remove(folder) }
            let ending = try await TallyProcess.run(
                Self.arguments + more + ["--data", folder + "/data"], folder: folder,
                within: .seconds(600))
            #expect(ending.status == 0, "\(ending.errors.suffix(4_000))")
            return String(try #require(ending.output.split(separator: "\n").last))
        }

        private func figures(of line: String) throws -> [String: Int] {
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object.count == Self.members.count)
            let places = Self.members.map { line.range(of: "\"\($0)\":")?.lowerBound }
            #expect(places.allSatisfy { $0 != nil }, "\(line)")
            #expect(places.compactMap { $0 }.sorted() == places.compactMap { $0 })
            #expect(object["audit"] as? String == "ok")
            #expect((object["seconds"] as? Double ?? 0) > 0)
            return object.filter { $0.key != "seconds" && $0.key != "audit" }
                .compactMapValues { $0 as? Int }
        }
    }
}

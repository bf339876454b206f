import Foundation
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// The first minutes of somebody who has just typed `tally up`.
    @Suite("The first order", .serialized) struct FirstOrderSuite {
        @Test func theFirstOrderAfterReadyIsAccepted() async throws {
            let stack = try await RunningStack.start(answerWait: nil)
            let failure: (any Error)?
            do {
                // Nothing in between: ready means that every worker has its partitions.
                let shop = try stack.shop("M2005")
                let first = try await stack.submit(shop.order(Shop.number()))
                #expect(first.status == 201, "\(first.text)")
                try await followTheSuggestions(stack)
                try await commandsEndWithoutABroker(stack)
                failure = nil
            } catch {
                failure = error
            }
            try await stack.stop()
            #expect(!FileManager.default.fileExists(atPath: stack.folder + "/tally"))
            if let failure { throw failure }
        }

        /// Each command that `tally up` prints works as it is printed.
        private func followTheSuggestions(_ stack: RunningStack) async throws {
            try await eventually("the stack says that it is ready") {
                stack.process.output.hasSuffix("ready; stop with Ctrl-C\n")
            }
            let lines = stack.process.output.split(separator: "\n").map(String.init)
            #expect(!stack.process.output.contains("\u{1B}"), "no escape codes in a file")
            let commands = lines.filter { $0.hasPrefix("  /") }
                .map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(commands.count == 3)
            for command in commands {
                let ending = try await TallyProcess(
                    ["-c", command], folder: stack.folder, name: "try", program: "/bin/sh"
                ).ending(within: .seconds(60))
                #expect(ending.status == 0, "\(command): \(ending.errors)\(ending.output)")
            }
        }

        /// What a command has stored is published by a role: it says so and ends.
        private func commandsEndWithoutABroker(_ stack: RunningStack) async throws {
            var settings = try stack.endpoints.settings()
            settings["TALLY_KAFKA_BROKERS"] = "127.0.0.1:1"
            for arguments in [["lag"], ["topics", "diff"]] {
                let ending = try await TallyProcess.run(
                    arguments, settings: settings, folder: stack.folder, within: .seconds(30))
                #expect(ending.status == 1)
                #expect(
                    ending.errors.contains("the broker at 127.0.0.1:1 is unavailable"),
                    "\(ending.errors)")
            }
            let ending = try await TallyProcess.run(
                ["statements", "import", Self.bill.path, "--date", "2026-11-20"],
                settings: settings,
                folder: stack.folder, within: .seconds(40))
            #expect(ending.status == 1)
            #expect(ending.output.hasPrefix("imported "), "\(ending.errors)")
            #expect(ending.errors.contains("the statements role publishes what is stored"))
            // The vectors' account isn't the stack's.
            #expect(ending.errors.contains("none of its lines can match"), "\(ending.errors)")
            try await eventually("the statements role has published the lines") {
                try await stack.texts(
                    "select count(*)::text from outbox where worker = 'statements'") == ["0"]
            }
        }

        private static let bill = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/bills/20887210000000010156_20261120.csv.zip")
            .standardizedFileURL
    }
}

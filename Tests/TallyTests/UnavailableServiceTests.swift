import ArgumentParser
import Foundation
import TestStack
import Testing

@testable import tally

/// No command waits in silence: one whose database or broker doesn't answer ends within seconds and
/// says which, why and what to do.
@Suite(.timeLimit(.minutes(1))) struct UnavailableServiceTests {
    /// Commands that use the database first; the id and the file are never looked at.
    private static let ofDatabase = [
        ["audit"], ["migrate"], ["lag"], ["orders", "show", "2026"],
        ["reconcile", "show", "--date", "2026-11-20"], ["dead-letters", "list"],
        ["dead-letters", "show", "0190a6f0-0000-7000-8000-000000000000"],
        ["dead-letters", "replay", "--all"], ["dead-letters", "discard", "--all"],
    ]

    @Test(arguments: ofDatabase)
    func aDatabaseThatRefusesConnectionsIsReported(arguments: [String]) async throws {
        let port = try LoopbackListener.closedPort()
        let error = await failure(of: arguments, databasePort: port, brokerPort: port)
        try expectDatabase(error, port)
    }

    @Test(arguments: ofDatabase)
    func aDatabaseThatNeverAnswersIsReported(arguments: [String]) async throws {
        let silent = try LoopbackListener()
        let error = await CommandDatabase.$limit.withValue(.seconds(2)) {
            await failure(of: arguments, databasePort: silent.port, brokerPort: silent.port)
        }
        try expectDatabase(error, silent.port)
    }

    @Test(arguments: [["topics", "diff"], ["topics", "apply"]])
    func aBrokerThatRefusesConnectionsIsReported(arguments: [String]) async throws {
        let port = try LoopbackListener.closedPort()
        let error = await CommandBroker.$limit.withValue(.seconds(1)) {
            await failure(of: arguments, databasePort: port, brokerPort: port)
        }
        try expectBroker(error, port)
    }

    @Test(arguments: [["topics", "diff"], ["topics", "apply"]])
    func aBrokerThatNeverAnswersIsReported(arguments: [String]) async throws {
        let silent = try LoopbackListener()
        let error = await CommandBroker.$limit.withValue(.seconds(1)) {
            await failure(of: arguments, databasePort: silent.port, brokerPort: silent.port)
        }
        try expectBroker(error, silent.port)
    }

    @Test func aDatabaseIsNamedWithoutItsPassword() {
        let address = CommandDatabase.address(of: "postgresql://tally:secret@db.example:5433/tally")
        #expect(address == "db.example:5433/tally")
        #expect(CommandDatabase.address(of: "host=db password=secret") == "TALLY_DATABASE_URL")
        let url = "postgresql://tally:secret@[/x"
        let error = CommandDatabase.unavailable(url, CommandError("no such URL: \"\(url)\""))
        #expect(!error.description.contains("secret"))
    }

    @Test func aStackThatIsNotUpIsReported() async throws {
        let command = try SampleOrderCommand.parse(["--data", "/nonexistent/tally"])
        do {
            try await command.run()
            Issue.record("there is no stack")
        } catch {
            #expect("\(error)".contains("/nonexistent/tally/endpoints.json"))
            #expect("\(error)".contains("tally up --data /nonexistent/tally"))
        }
    }

    private func expectDatabase(_ error: (any Error)?, _ port: UInt16) throws {
        let text = try #require(error as? CommandError, "\(String(describing: error))").description
        #expect(
            text.hasPrefix("the database at 127.0.0.1:\(port)/tally is unavailable: "), "\(text)")
        #expect(text.contains("Check that PostgreSQL runs there and that TALLY_DATABASE_URL"))
        #expect(!text.contains("\n") && !text.contains("secret"))
    }

    private func expectBroker(_ error: (any Error)?, _ port: UInt16) throws {
        let text = try #require(error as? CommandError, "\(String(describing: error))").description
        #expect(text.hasPrefix("the broker at 127.0.0.1:\(port) is unavailable: "), "\(text)")
        #expect(text.contains("Check that Kafka runs there and that TALLY_KAFKA_BROKERS"))
        #expect(!text.contains("\n"))
    }

    /// Runs a command of the real parser with settings from a file.
    private func failure(
        of arguments: [String], databasePort: UInt16, brokerPort: UInt16
    ) async -> (any Error)? {
        let file = NSTemporaryDirectory() + "tally-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: file) }
        do {
            try """
            database:
              url: postgresql://tally:secret@127.0.0.1:\(databasePort)/tally
            kafka:
              brokers: 127.0.0.1:\(brokerPort)
            """.write(toFile: file, atomically: true, encoding: .utf8)
            let parsed = try Tally.parseAsRoot(arguments + ["--config", file])
            guard var command = parsed as? any AsyncParsableCommand else { return nil }
            try await command.run()
            return nil
        } catch {
            return error
        }
    }
}

import Foundation
import Kafka
import Logging
import Postgres
import TestStack
import TestWaiting
import Testing

let quiet = Logger(label: "end-to-end") { _ in SwiftLogNoOpLogHandler() }

/// `tally up --no-play`, and what an outside client needs to use it.
struct RunningStack: Sendable {
    let folder: String
    let process: TallyProcess
    let endpoints: Endpoints
    let client: OutsideClient
    let database: PostgresConnection

    /// The one that the suite's tests share.
    @TaskLocal static var shared: RunningStack?

    static func current() throws -> RunningStack { try #require(shared) }

    /// - Parameter answerWait: in milliseconds; long, so that an order is answered 201 on a busy
    ///   machine too. `nil` is the product's own.
    static func start(answerWait: Int? = 30_000) async throws -> RunningStack {
        let folder = try TemporaryFolder.make("up")
        // At debug, so that an order's trace can be followed through the logs.
        var settings = ["TALLY_LOG_LEVEL": "debug"]
        settings["TALLY_ANSWER_WAIT_MS"] = answerWait.map(String.init)
        let process = try TallyProcess(
            ["up", "--no-play", "--data", folder], settings: settings, folder: folder)
        let file = folder + "/endpoints.json"
        do {
            try await eventually("endpoints.json is there", within: .seconds(120)) {
                guard process.isRunning else {
                    throw DeadlineError(description: "tally up ended: \(process.errors)")
                }
                return FileManager.default.fileExists(atPath: file)
            }
            let endpoints = try Endpoints.read(file)
            return RunningStack(
                folder: folder, process: process, endpoints: endpoints,
                client: OutsideClient(gateway: endpoints.gateway),
                database: try await PostgresConnection.connect(
                    endpoints.databaseUrl, applicationName: "end-to-end", logger: quiet))
        } catch {
            process.signal(SIGTERM)
            _ = try? await process.ending(within: .seconds(30))
            TemporaryFolder.remove(folder)
            throw error
        }
    }

    /// Stops it as an operator does, and sees that nothing of it is left.
    func stop() async throws {
        defer { TemporaryFolder.remove(folder) }
        await database.close()
        let children = ["postgres", "broker"].compactMap { name -> Int32? in
            let text = try? String(contentsOfFile: "\(folder)/\(name)/pid", encoding: .utf8)
            return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        #expect(children.count == 2)
        #expect(children.allSatisfy { kill($0, 0) == 0 }, "both run while the stack does")
        process.signal(SIGTERM)
        let ending = try await process.ending(within: .seconds(60))
        #expect(ending.status == 0, "\(ending.errors.suffix(2_000))")
        #expect(!FileManager.default.fileExists(atPath: folder + "/endpoints.json"))
        #expect(children.allSatisfy { kill($0, 0) != 0 }, "both are gone with the stack")
    }

    /// Returns once an order is decided within the gateway's wait: a worker that has just started
    /// waits some seconds for its partitions.
    fileprivate func warmUp() async throws {
        let shop = try shop("M2005")
        try await eventually("the workers are at work") {
            try await submit(shop.order(Shop.number())).status == 201
        }
    }

    /// Runs an operator's command on the stack.
    func tally(_ arguments: String...) async throws -> TallyProcess.Ending {
        try await TallyProcess.run(arguments, settings: endpoints.settings(), folder: folder)
    }

    /// Runs a line of a shell on the stack, with `tally` on its path.
    func shell(_ line: String) async throws -> TallyProcess.Ending {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        var settings = try endpoints.settings()
        settings["PATH"] = "\(TallyProcess.folder):\(path)"
        return try await TallyProcess(
            ["-o", "pipefail", "-c", line], settings: settings, folder: folder, name: "shell",
            program: "/bin/bash"
        ).ending(within: .seconds(60))
    }

    func shop(_ merchantNo: String, signing type: String? = nil) throws -> Shop {
        try Shop(merchantNo, signing: type, endpoints: endpoints)
    }

    /// The first column of every row, as text.
    func texts(_ sql: String) async throws -> [String] {
        try await database.execute(sql).map { try $0.text(0) }
    }

    /// Publishes records as a system that isn't ours.
    func publish(_ records: [ProducerRecord]) async throws {
        let producer = try KafkaProducer(
            settings: KafkaSettings(brokers: endpoints.kafkaBrokers), logger: quiet)
        _ = try await producer.send(records)
        await producer.close()
    }
}

/// Starts the stack before a suite's first test and stops it after its last.
struct StackUp: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let stack = try await RunningStack.start()
        let failure: (any Error)?
        do {
            try await stack.warmUp()
            try await RunningStack.$shared.withValue(stack) { try await function() }
            failure = nil
        } catch {
            failure = error
        }
        try await stack.stop()
        if let failure { throw failure }
    }
}

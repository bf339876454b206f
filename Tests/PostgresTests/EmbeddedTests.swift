import Foundation
import Logging
import Postgres
import TestWaiting
import Testing

@testable import Embedded

@Suite struct EmbeddedTests {
    private func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-embedded-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    private func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }

    @Test func dataOutlivesStopAndKill() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try await EmbeddedPostgres.start(dataFolder: folder, logger: quiet)
        let connection = try await PostgresConnection.connect(first.url, logger: quiet)
        try await connection.execute("create table t (x int)")
        try await connection.execute("insert into t values (1)")
        await first.stop()
        #expect(first.pid == nil)

        let second = try await EmbeddedPostgres.start(
            dataFolder: folder, port: first.port, logger: quiet)
        let again = try await PostgresConnection.connect(second.url, logger: quiet)
        try await again.execute("insert into t values (2)")
        let pid = try #require(second.pid)
        kill(pid, SIGKILL)
        #expect(await second.waitForExit().isEmpty == false)

        let third = try await EmbeddedPostgres.start(
            dataFolder: folder, port: first.port, logger: quiet)
        let last = try await PostgresConnection.connect(third.url, logger: quiet)
        #expect(try await count(last, "t") == 2)
        await third.stop(mode: .immediate)
    }

    @Test func requiresThePassword() async throws {
        let folder = try temporaryFolder() + "/postgres"
        let server = try await EmbeddedPostgres.start(
            dataFolder: folder, settings: ["fsync": "off"], isTemporary: true, logger: quiet)
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.connect(
                "postgresql://tally:wrong@127.0.0.1:\(server.port)/tally", logger: quiet)
        }
        #expect(error?.description.contains("password authentication failed") == true)
        let password = try FileManager.default.attributesOfItem(atPath: folder + "/password")
        #expect(password[.posixPermissions] as? Int == 0o600)
        await server.stop(mode: .immediate)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func aServerThatCannotStartSaysWhy() async throws {
        let folder = try temporaryFolder() + "/postgres"
        let error = await #expect(throws: EmbeddedError.self) {
            try await EmbeddedPostgres.start(
                dataFolder: folder, settings: ["shared_buffers": "nonsense", "fsync": "off"],
                isTemporary: true, logger: quiet)
        }
        #expect(error?.description.contains("shared_buffers") == true)
    }

    @Test func theBrokerStartsAndStops() async throws {
        let folder = try temporaryFolder() + "/broker"
        let broker = try await EmbeddedBroker.start(folder: folder, isTemporary: true)
        let pid = try #require(broker.pid)
        #expect(isAlive(pid))
        #expect(broker.brokers == "127.0.0.1:\(broker.port)" && broker.pids == [pid])
        await broker.stop()
        #expect(!isAlive(pid) && broker.pid == nil)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    private func sleeper(_ folder: String, _ name: String) async throws -> WatchedProcess {
        let process = try WatchedProcess.start(
            WatchedProcess.Command(
                arguments: ["/bin/sleep", "600"], environment: ["PATH": "/usr/bin:/bin"],
                stopSignal: "TERM", pidFile: "\(folder)/\(name).pid"),
            log: ChildLog(path: "\(folder)/\(name).log"))
        try await eventually("it is started") { process.pid != nil }
        return process
    }

    /// The end of this process closes the lifeline in the same way. A sibling started later must
    /// not hold it open.
    @Test func aChildEndsWhenItsLifelineIsClosed() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var first: WatchedProcess? = try await sleeper(folder, "first")
        let second = try await sleeper(folder, "second")
        let firstPID = try #require(first?.pid)
        let secondPID = try #require(second.pid)
        #expect(isAlive(firstPID) && isAlive(secondPID))
        first = nil
        try await eventually("the child is gone") { !isAlive(firstPID) }
        #expect(isAlive(secondPID) && second.isRunning)
        await second.stop(signal: "KILL")
        #expect(!isAlive(secondPID))
        #expect(await second.waitForExit() == 137)
    }

    @Test func exitCodesAndOutputAreKept() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = try WatchedProcess.start(
            WatchedProcess.Command(
                arguments: ["/bin/sh", "-c", "echo one; echo two >&2; exit 3"], environment: [:],
                stopSignal: "TERM", pidFile: folder + "/pid"),
            log: ChildLog(path: folder + "/log"))
        #expect(await process.waitForExit() == 3)
        #expect(!process.isRunning)
        #expect(process.logTail() == ["one", "two"])
        await process.stop(signal: "TERM")
    }

    @Test func nothingOfOursIsOpenInTheChild() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Without close-on-exec, as careless libraries open theirs.
        let careless = open("/dev/null", O_RDONLY)
        defer { close(careless) }
        let process = try await sleeper(folder, "child")
        let pid = try #require(process.pid)
        // The shell's own descriptor goes a moment after the process id is known.
        try await eventually("the shell's descriptor is gone") {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").sorted()
                == ["0", "1", "2"]
        }
        await process.stop(signal: "TERM")
    }
}

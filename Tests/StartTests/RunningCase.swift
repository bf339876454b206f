import Foundation
import FoundationNetworking
import Simulator
import TestStack
import TestWaiting

/// A process of `tally` in a case's environment.
struct RunningCase: Sendable {
    let process: TallyProcess
    let folder: String
    let variables: [String: String]
    let started = ContinuousClock.now

    /// Runs `body` with the process of a case.
    static func with(_ row: StartCase, _ body: (RunningCase) async throws -> Void) async throws {
        let folder = try TemporaryFolder.make("start")
        let found = try await StartBed.shared.find(row.services, folder: folder)
        do {
            try await body(try await RunningCase(row, found.variables, folder))
        } catch {
            await found.stop()
            throw error
        }
        await found.stop()
        TemporaryFolder.remove(folder)
    }

    private init(
        _ row: StartCase, _ right: [String: String], _ folder: String
    ) async throws {
        var variables = right
        for (name, value) in row.variables {
            switch value {
            case "{taken}": variables[name] = "\(try await StartBed.shared.silentPort())"
            case "{own public key}":
                variables[name] = try await StartBed.shared.sampleKeys().path(of: .appPublic)
            case "{wrong password}":
                variables[name] = right[name]?.replacing(/:[^:@]+@/, with: ":wrong@")
            case "{no database}":
                variables[name] = right[name]?.replacing(/\/[^\/]+$/, with: "/nonexistent")
            default: variables[name] = value
            }
        }
        let malformed = folder + "/malformed.yaml"
        try "http: {\n".write(toFile: malformed, atomically: true, encoding: .utf8)
        process = try TallyProcess(
            row.arguments.map { $0 == "{malformed}" ? malformed : $0 }, settings: variables,
            folder: folder)
        self.folder = folder
        self.variables = variables
    }

    /// Status and body of a GET; `nil` where nothing answers.
    func get(_ path: String) async -> (status: Int, text: String)? {
        guard let url = URL(string: "http://127.0.0.1:\(variables["TALLY_HTTP_PORT"] ?? "")\(path)")
        else { return nil }
        guard let (data, response) = try? await URLSession.shared.data(from: url) else {
            return nil
        }
        return (
            (response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self)
        )
    }

    /// Sends SIGTERM; the process must end by itself within ten seconds.
    func stop() async throws -> (ending: TallyProcess.Ending, took: Duration) {
        let signalled = ContinuousClock.now
        process.signal(SIGTERM)
        let ending = try await process.ending(within: .seconds(30))
        return (ending, .now - signalled)
    }

    /// Appends a row of the table in docs/operations.md to the file that `START_TABLE` names.
    func record(_ row: StartCase, _ state: String) {
        guard let path = ProcessInfo.processInfo.environment["START_TABLE"] else { return }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let line =
            "| \(row.name) | \(state) | \(String(format: "%.1f", seconds)) | \(row.message) |\n"
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: path) else { return }
        _ = try? file.seekToEnd()
        file.write(Data(line.utf8))
    }
}

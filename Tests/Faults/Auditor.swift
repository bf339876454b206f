import Foundation
import TestStack
import TestWaiting

/// `auditor.py`: it reads topics and tables by itself and shares no code with the workers.
struct Auditor: Sendable {
    /// What it found.
    struct Report: Decodable, Sendable {
        let published: Int
        let accepted: Int
        let rejected: Int
        let dead: Int
        let repeated: Int
        let callbacks: Int
        let lost: Int
        let doubled: Int
        let breachCount: Int
        let breaches: [String]
    }

    private let stack: FaultStack
    private let python: String

    init(stack: FaultStack) throws {
        self.stack = stack
        python = try PrivatePython.find()
    }

    /// - Parameter acknowledged: how many records the publisher has had acknowledged, by topic.
    func audit(_ acknowledged: [String: Int]) async throws -> (report: Report, line: String) {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("auditor.py").path
        let process = try TallyProcess(
            [
                script, "--database", stack.databaseURL, "--brokers", stack.brokers,
                "--submissions", String(acknowledged["orders.submitted"] ?? 0),
                "--callbacks", String(acknowledged["callbacks.received"] ?? 0),
            ], folder: stack.folder, name: "auditor", program: python)
        let ending = try await process.ending(within: .seconds(600))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(Report.self, from: Data(ending.output.utf8)) else {
            throw DeadlineError(
                description: "the auditor failed (\(ending.status)): \(ending.errors.suffix(2_000))"
            )
        }
        return (report, ending.output.trimmingCharacters(in: .newlines))
    }
}

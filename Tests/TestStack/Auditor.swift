import Foundation
import TestWaiting

/// `auditor.py`: it reads topics and tables by itself and shares no code with the workers.
public struct Auditor: Sendable {
    /// What it counted.
    public struct Report: Decodable, Sendable {
        /// Records of `orders.submitted`.
        public let published: Int
        /// Submissions that became an order.
        public let accepted: Int
        /// Effects that are missing.
        public let lost: Int
        /// Effects that happened more than once.
        public let doubled: Int
        /// Breaches of any kind.
        public let breachCount: Int
        /// The first fifty of them, in words.
        public let breaches: [String]
    }

    private let databaseURL: String
    private let brokers: String
    private let folder: String
    private let python: String

    /// - Parameter folder: takes the script's output.
    public init(databaseURL: String, brokers: String, folder: String) throws {
        self.databaseURL = databaseURL
        self.brokers = brokers
        self.folder = folder
        python = try PrivatePython.find()
    }

    /// - Parameter acknowledged: how many records the publisher has had acknowledged, by topic.
    /// - Returns: the report, and the line that the script printed it in.
    public func audit(
        _ acknowledged: [String: Int]
    ) async throws -> (report: Report, line: String) {
        let process = try TallyProcess(
            [
                PrivatePython.script("Faults/auditor.py"), "--database", databaseURL, "--brokers",
                brokers, "--submissions", String(acknowledged["orders.submitted"] ?? 0),
                "--callbacks", String(acknowledged["callbacks.received"] ?? 0),
            ], folder: folder, name: "auditor", program: python)
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

import ArgumentParser
import Composition
import Console
import Payments
import Postgres
import Store
import WorkerRuntime

/// What became of a difference.
struct DifferenceResult: Encodable {
    let difference: Int64
    let status: String

    func print(_ output: OutputOptions) throws {
        guard !output.json else { return try Terminal.json(self) }
        Terminal.line("difference \(difference): \(status)")
    }
}

extension DifferenceDecision {
    /// Runs a decision of the user whom the options prove, in one transaction.
    static func make<Value: Sendable>(
        _ global: GlobalOptions, by options: AdminOptions,
        _ body: @Sendable @escaping (DifferenceDecisions, PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let settings = try await global.settings()
        let user = try await options.user(global, for: .resolutions)
        let decisions = DifferenceDecisions(
            user: user, limit: settings.differenceLimit, now: SystemClock().now())
        do {
            return try await CommandDatabase.transaction(settings, name: "differences") {
                try await body(decisions, $0)
            }
        } catch {
            switch error {
            case let refusal as DifferenceDecisions.Refusal: throw CommandError("\(refusal)")
            case let refusal as DifferenceRefusal: throw CommandError("\(refusal)")
            default: throw error
            }
        }
    }
}

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
        guard let proof = try options.proof() else {
            throw ValidationError("name yourself with --as, --password-file and --code")
        }
        let settings = try await global.settings()
        let user = try await options.change(global) { try await $0.user(proof, for: .resolutions) }
        let connection = try await CommandDatabase.connect(settings, name: "differences")
        do {
            let value = try await connection.transaction { transaction in
                try await body(
                    DifferenceDecisions(
                        user: user, limit: settings.differenceLimit, now: SystemClock().now()),
                    transaction)
            }
            await connection.close()
            return value
        } catch {
            await connection.close()
            switch error {
            case let refusal as DifferenceDecisions.Refusal: throw CommandError("\(refusal)")
            case let refusal as DifferenceRefusal: throw CommandError("\(refusal)")
            default: throw error
            }
        }
    }
}

import Foundation
package import Logging
import Postgres
import Store
import Synchronization
package import WorkerRuntime

/// A role's planned crash in a fault test: SIGKILL when a step is reached for the n-th time.
package struct CrashPlan: Sendable {
    private let step: CrashPoint
    private let count: Int

    /// `step:n`, for example `committed:3`.
    package init?(argument: String) {
        let parts = argument.split(separator: ":")
        guard parts.count == 2, let step = CrashPoint(rawValue: String(parts[0])),
            let count = Int(parts[1]), count > 0
        else { return nil }
        self.step = step
        self.count = count
    }

    /// Throws unless the database has the fault mark, so that no production role can be crashed by
    /// an option.
    package func check(databaseURL: String, logger: Logger) async throws {
        let connection = try await PostgresConnection.connect(databaseURL, logger: logger)
        let mark = try await connection.run(InstallationFact(name: InstallationFact.faults)).first
        await connection.close()
        guard mark != nil else {
            throw SettingError(
                description: "--crash-at is only for a database of fault tests: this one doesn't "
                    + "carry the fault mark")
        }
    }

    /// Points that kill the process at the planned step.
    package var crashPoints: CrashPoints {
        let passed = Passed()
        return CrashPoints { step in
            if step == self.step, passed.next() == count { kill(getpid(), SIGKILL) }
        }
    }

    private final class Passed: Sendable {
        private let count = Atomic(0)
        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }
}

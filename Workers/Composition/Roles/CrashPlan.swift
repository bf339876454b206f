import Foundation
package import Logging
import Postgres
import Store
import Synchronization
package import WorkerRuntime

/// Where a fault test has a role die, as if by `kill -9`: at the n-th time that a step is reached.
package struct CrashPlan: Sendable {
    package let step: CrashPoint
    package let count: Int

    /// `step:n`, for example `committed:3`.
    package init?(argument: String) {
        let parts = argument.split(separator: ":")
        guard parts.count == 2, let step = CrashPoint(rawValue: String(parts[0])),
            let count = Int(parts[1]), count > 0
        else { return nil }
        self.step = step
        self.count = count
    }

    /// Refuses a database that isn't marked for it: no production role dies of a stray option.
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

    /// Ends the process at the planned step.
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

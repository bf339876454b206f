public import Postgres
import Synchronization

/// Whether a role can do its work now: nothing that it needs is missing.
public final class Readiness: Sendable {
    private typealias Check = @Sendable () async -> [String]
    private let checks = Mutex<[Check]>([])

    /// Ready, without any check.
    public init() {}

    /// Adds a check: it returns `nil`, or what is missing, on one line.
    public func add(_ check: @escaping @Sendable () async -> String?) {
        addAll { await check().map { [$0] } ?? [] }
    }

    /// Adds a check that returns everything that is missing, each on one line.
    public func addAll(_ check: @escaping @Sendable () async -> [String]) {
        checks.withLock { $0.append(check) }
    }

    /// What is missing, each once, in the order of the checks; empty when ready.
    public func missing() async -> [String] {
        let checks = checks.withLock { $0 }
        var missing: [String] = []
        for check in checks {
            for what in await check() where !missing.contains(what) { missing.append(what) }
        }
        return missing
    }
}

extension Readiness {
    /// Adds the check that a database answers within a second, and has the schema that `gate` lets
    /// the role work with.
    public func addDatabase(_ pool: PostgresPool, _ gate: SchemaGate) {
        add {
            let answers = await withTaskGroup(of: Bool.self) { group in
                group.addTask { (try? await gate.check(pool)) != nil }
                group.addTask {
                    try? await Task.sleep(for: .seconds(1))
                    return false
                }
                let first = await group.next() ?? false
                group.cancelAll()
                return first
            }
            return answers ? gate.problem.map { "schema: \($0)" } : "database"
        }
    }
}

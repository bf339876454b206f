import Postgres
import Synchronization

/// Whether a role can do its work now: every check it is made of says so.
public final class Readiness: Sendable {
    private typealias Check = @Sendable () async -> String?
    private let checks = Mutex<[Check]>([])

    /// Ready until a check says otherwise.
    public init() {}

    /// Adds a check: it answers `nil`, or what is away.
    public func add(_ check: @escaping @Sendable () async -> String?) {
        checks.withLock { $0.append(check) }
    }

    /// What is away; empty when ready.
    public func missing() async -> [String] {
        let checks = checks.withLock { $0 }
        var missing: [String] = []
        for check in checks {
            if let what = await check() { missing.append(what) }
        }
        return missing
    }
}

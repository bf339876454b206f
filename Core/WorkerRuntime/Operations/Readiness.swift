import Postgres
import Synchronization

/// Whether a role can do its work now: all of its checks pass.
public final class Readiness: Sendable {
    private typealias Check = @Sendable () async -> String?
    private let checks = Mutex<[Check]>([])

    /// Ready, without any check.
    public init() {}

    /// Adds a check: it returns `nil`, or the name of what is unavailable.
    public func add(_ check: @escaping @Sendable () async -> String?) {
        checks.withLock { $0.append(check) }
    }

    /// What is unavailable; empty when ready.
    public func missing() async -> [String] {
        let checks = checks.withLock { $0 }
        var missing: [String] = []
        for check in checks {
            if let what = await check() { missing.append(what) }
        }
        return missing
    }
}

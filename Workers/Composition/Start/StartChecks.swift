import Logging
import Logs
import ServiceLifecycle

/// Makes each check again and again until it finds nothing missing; then the gate is open.
///
/// A role that waits keeps serving `/healthz` and `/readyz`, and processes nothing: a wrong setting
/// must not turn records into dead letters, nor a missing topic be created by the broker's default.
struct StartChecks: Service {
    let checks: [any StartCheck]
    let gate: StartGate
    let logger: Logger

    private static let firstPause: Duration = .milliseconds(250)
    private static let longestPause: Duration = .seconds(2)

    func run() async throws {
        let lines = RepeatedLines(logger)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for (index, check) in checks.enumerated() {
                    group.addTask { await pass(check, index, lines) }
                }
            }
        }
        try? await gracefulShutdown()
    }

    private func pass(_ check: any StartCheck, _ index: Int, _ lines: RepeatedLines) async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            let missing = await check.missing()
            guard !Task.isCancelled else { break }
            gate.record(missing, of: index)
            for what in missing { lines.log(level: .error, "the role waits for: \(what)") }
            guard !missing.isEmpty else { break }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
        await check.end()
    }
}

import TestStack
import TestWaiting
import Testing

/// SIGTERM ends every role within ten seconds, whatever is unavailable, and meanwhile its log
/// doesn't fill.
@Suite(.serialized, .timeLimit(.minutes(10))) struct StopTests {
    static let roles = [
        "gateway", "signature", "callback", "delivery", "inquiry", "statements", "reconciliation",
        "settlement", "onboarding",
    ]

    enum Outage: CaseIterable, Sendable {
        case everythingRefuses, everythingIsSilent, databaseIsSilent, brokerIsSilent
    }

    @Test(arguments: roles, Outage.allCases)
    func sigtermEndsTheRole(role: String, outage: Outage) async throws {
        let row = StartCase(
            "\(role), \(outage)", role == "gateway" ? [role] : ["worker", role],
            try await variables(outage), with: outage == .everythingRefuses ? .none : .all, .waits,
            "")
        try await RunningCase.with(row) { running in
            try await eventually("it runs", within: .seconds(30)) {
                guard running.process.isRunning else {
                    throw DeadlineError(description: running.process.errors)
                }
                return await running.get("/healthz")?.status == 200
            }
            // Deliveries are of the database alone.
            let isReady = role == "delivery" && outage == .brokerIsSilent
            try await eventually("it is \(isReady ? "" : "not ")ready") {
                await running.get("/readyz")?.status == (isReady ? 200 : 503)
            }
            let (ending, took) = try await running.stop()
            #expect(ending.status == 0, "\(ending.errors.suffix(2_000))")
            #expect(took < .seconds(10), "\(took)")
            #expect(ending.errors.split(separator: "\n").count < 40, "\(ending.errors)")
        }
    }

    private func variables(_ outage: Outage) async throws -> [String: String] {
        let silent = "127.0.0.1:\(try await StartBed.shared.silentPort())"
        let database = "postgresql://tally:secret@\(silent)/tally"
        return switch outage {
        case .everythingRefuses: [:]
        case .everythingIsSilent:
            ["TALLY_DATABASE_URL": database, "TALLY_KAFKA_BROKERS": silent]
        case .databaseIsSilent: ["TALLY_DATABASE_URL": database]
        case .brokerIsSilent: ["TALLY_KAFKA_BROKERS": silent]
        }
    }
}

import TestStack
import TestWaiting
import Testing

/// A process of `tally` says at its start what is wrong and what to do, and processes nothing until
/// it is right.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StartTests {
    @Test(arguments: StartCase.wrongSettings + StartCase.commands)
    func aWrongSettingEndsTheProcessNamingIt(row: StartCase) async throws {
        try await RunningCase.with(row) { running in
            let ending = try await running.process.ending(within: .seconds(30))
            running.record(row, "exit \(ending.status)")
            #expect(ContinuousClock.now - running.started < .seconds(row.seconds))
            #expect(ending.status == 1)
            #expect(ending.errors.hasPrefix("Error: "), "\(ending.errors)")
            #expect(ending.errors.contains(row.message), "\(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count <= 8, "\(ending.errors)")
        }
    }

    @Test(arguments: StartCase.missingServices)
    func aRoleWaitsForWhatIsMissingAndNamesIt(row: StartCase) async throws {
        try await RunningCase.with(row) { running in
            try await eventually("/readyz says \(row.message)", within: .seconds(row.seconds)) {
                guard running.process.isRunning else {
                    throw DeadlineError(description: running.process.errors)
                }
                let answer = await running.get("/readyz")
                return answer?.status == 503 && answer?.text.contains(row.message) == true
            }
            running.record(row, "waits, not ready")
            #expect(await running.get("/healthz")?.status == 200)
            try await eventually("the log says it too", within: .seconds(row.seconds)) {
                running.process.errors.contains(row.message)
            }
            let (ending, took) = try await running.stop()
            #expect(ending.status == 0 && took < .seconds(10), "\(took): \(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count < 40, "\(ending.errors)")
            for secret in [":secret@", ":wrong@", "password=wrong"] {
                #expect(!ending.errors.contains(secret))
            }
        }
    }

    @Test func aRoleWaitsForItsTopicsAndThenBegins() async throws {
        let row = StartCase(
            "topics that come later", ["worker", "callback"], with: .emptyBroker, .waits,
            "run tally topics apply")
        try await RunningCase.with(row) { running in
            try await eventually("it waits", within: .seconds(20)) {
                await running.get("/readyz")?.text.contains(row.message) == true
            }
            let applied = try await TallyProcess.run(
                ["topics", "apply"], settings: running.variables, folder: running.folder)
            #expect(applied.status == 0, "\(applied.errors)")
            try await eventually("it is ready", within: .seconds(60)) {
                await running.get("/readyz")?.status == 200
            }
            #expect(try await running.stop().ending.status == 0)
        }
    }
}

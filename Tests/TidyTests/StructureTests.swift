import Testing

/// What CONTRIBUTING says of functions, files and waits.
@Suite struct StructureTests {
    @Test func noFunctionIsLongerThan70Lines() throws {
        for file in Repository.swift {
            for function in SourceText(try Repository.text(file)).functions
            where function.lines > 70 {
                Issue.record(
                    "\(file):\(function.line): \(function.name): \(function.lines) lines; split it")
            }
        }
    }

    /// A file is named after its first type and holds what belongs to it alone: its error, a small
    /// value. `Core/Store` groups the statements of one table instead, and a command its
    /// sub-commands, so that what is changed together is read together.
    @Test func aFileHoldsOneType() throws {
        for file in Repository.product {
            let types = SourceText(try Repository.text(file)).visibleTypes
            guard let first = types.first, !file.hasPrefix("Core/Store/") else { continue }
            let name = file.split(separator: "/").last?.dropLast(".swift".count) ?? ""
            let isCommand = file.hasPrefix("Workers/tally/")
            #expect(
                name == first || name.hasPrefix(first + "+") || isCommand,
                "\(file) begins with \(first); name it \(first).swift")
            let others = types.dropFirst().filter { !$0.hasSuffix("Error") }
            #expect(others.count <= 2, "\(file) holds \(types.joined(separator: ", ")); split it")
        }
    }

    @Test func noTestSleepsInsteadOfWaitingForAnEvent() throws {
        // A pause between two looks, a load's pace, the time a fault lasts: none waits for an event
        // that could be looked for.
        let pauses: Set = [
            "Tests/TestWaiting/Eventually.swift", "Tests/SimulatorTests/AlipayHarness.swift",
            "Tests/Benchmarks/BenchStack.swift", "Tests/Benchmarks/PoisonBench.swift",
            "Tests/Benchmarks/GatewayBench.swift", "Tests/Benchmarks/ShareBench.swift",
            "Tests/Faults/Fault.swift",
            "Tests/Faults/FaultBroker.swift", "Tests/Faults/FaultRun.swift",
            "Tests/Faults/FaultStack.swift", "Tests/Faults/Feed.swift",
            "Tests/Faults/RecoveryClock.swift", "Tests/Faults/RoleProcesses.swift",
        ]
        let sleep =
            #/
            (?: \b(?:Task|Thread)\.sleep | (?:^|[^.\w\ ]|[^c]\ )u?sleep | nanosleep
            | asyncAfter ) \(
            /#
        for file in Repository.swift where file.hasPrefix("Tests/") && !pauses.contains(file) {
            for line in SourceText(try Repository.text(file)).lines(matching: sleep) {
                Issue.record("\(file):\(line): wait for what is to happen (TestWaiting)")
            }
        }
    }
}

import ArgumentParser
import Composition
import Testing

@testable import tally

@Suite struct UsageTests {
    @Test(arguments: [
        ["demo", "--orders", "3"], ["demo", "--kills", "3"], ["demo", "--keep", "--processes"],
        ["worker", "gateway"], ["worker", "typing"], ["dead-letters", "replay"],
        ["dead-letters", "list", "--limit", "0"], ["orders", "show"], ["lag", "--nonsense"],
        ["dead-letters", "release", "--worker", "w"],
        [
            "dead-letters", "release", "--worker", "w", "--topic", "t", "--partition", "0",
            "--from", "offset",
        ],
        [
            "dead-letters", "release", "--worker", "w", "--topic", "t", "--partition", "0",
            "--allow", "-1",
        ],
    ])
    func aWrongUsageExitsWithTwo(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try Tally.parseAsRoot(arguments) }
        #expect(error.map { Tally.exitCode(for: $0) } == .validationFailure)
    }

    @Test func everyWorkerIsInItsHelp() throws {
        let help = WorkerCommand.helpMessage()
        for role in [
            "signature", "callback", "delivery", "inquiry", "statements", "reconciliation",
            "settlement", "onboarding",
        ] {
            #expect(help.contains("\n\(role) "), "\(role)")
            #expect(try WorkerCommand.parse([role]).role.rawValue == role)
        }
        #expect(!help.contains("crash-at"))
    }

    @Test func aReplayRateIsPerSecondMinuteOrHour() {
        #expect(ReplayRate(argument: "100/s")?.perSecond == 100)
        #expect(ReplayRate(argument: "600/m")?.perSecond == 10)
        #expect(ReplayRate(argument: "7")?.perSecond == 7)
        for text in ["", "0/s", "-1", "1/d", "1/s/s", "many"] {
            #expect(ReplayRate(argument: text) == nil, "\(text)")
        }
    }

    @Test func aControlSequenceOfARecordIsPrintedEscaped() {
        #expect(PrintableBytes.text(Array("a\u{1B}[2Jb".utf8)) == "a\\u{1b}[2Jb")
        #expect(PrintableBytes.text([0xFF, 0x00]) == "hex:ff00")
    }
}

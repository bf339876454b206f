import Payments
import Synchronization
import Testing

@testable import tally

@Suite struct ScreenTests {
    @Test func nothingIsDrawnInAPipe() {
        let output = Output()
        let screen = Screen(isTerminal: false, write: output.add)
        screen.draw(["orders 1"])
        screen.clear()
        #expect(output.text.isEmpty)
    }

    @Test func aBlockIsDrawnOverTheOneBefore() {
        let output = Output()
        let screen = Screen(isTerminal: true, write: output.add)
        screen.draw(["a", "b"])
        screen.draw(["c"])
        screen.clear()
        #expect(
            output.text == "a\u{1B}[K\nb\u{1B}[K" + "\r\u{1B}[1A\u{1B}[Jc\u{1B}[K" + "\r\u{1B}[J")
    }

    @Test func aLineNeverWraps() {
        let output = Output()
        Screen(isTerminal: true, write: output.add).draw([String(repeating: "龙", count: 500)])
        #expect(output.text.replacing("\u{1B}[K", with: "").displayWidth < max(21, Screen.columns))
    }

    private final class Output: Sendable {
        private let written = Mutex("")
        var text: String { written.withLock { $0 } }
        func add(_ more: String) { written.withLock { $0 += more } }
    }
}

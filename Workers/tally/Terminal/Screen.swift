import Foundation
import Synchronization

/// The lines at the end of a terminal that are redrawn in place, on standard error; whatever else a
/// command prints clears them first.
///
/// Where standard error isn't a terminal nothing is drawn and no escape code is written.
final class Screen: Sendable {
    /// The process's one terminal.
    static let shared = Screen(isTerminal: isatty(2) == 1)

    /// Whether there is something to draw on.
    let isTerminal: Bool
    private let drawn = Mutex(0)
    private let write: @Sendable (String) -> Void

    init(
        isTerminal: Bool,
        write: @escaping @Sendable (String) -> Void = {
            FileHandle.standardError.write(Data($0.utf8))
        }
    ) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Draws lines in the place of those drawn before, each cut to the terminal's width.
    func draw(_ lines: [String]) {
        guard isTerminal, !lines.isEmpty else { return }
        // A line as wide as the terminal would wrap with the cursor behind it.
        let width = max(20, Self.columns - 1)
        drawn.withLock { drawn in
            let text = lines.map { $0.cut(width) + "\u{1B}[K" }.joined(separator: "\n")
            write(Self.erasure(of: drawn) + text)
            drawn = lines.count
        }
    }

    /// Removes what is drawn; the cursor is at the beginning of its first line.
    func clear() {
        drawn.withLock { drawn in
            guard drawn > 0 else { return }
            write(Self.erasure(of: drawn))
            drawn = 0
        }
    }

    private static func erasure(of lines: Int) -> String {
        guard lines > 0 else { return "" }
        return (lines > 1 ? "\r\u{1B}[\(lines - 1)A" : "\r") + "\u{1B}[J"
    }

    /// The terminal's width; 80 where it isn't known.
    static var columns: Int {
        var size = winsize()
        if ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        let variable = ProcessInfo.processInfo.environment["COLUMNS"]
        return variable.flatMap { Int($0) } ?? 80
    }
}

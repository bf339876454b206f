import Payments
import Sandbox
import Store

/// A played day's progress as text.
enum DayProgressPage {
    /// The block that is redrawn on a terminal.
    /// - Parameter columns: the width that no line exceeds.
    static func block(_ progress: DayProgress, columns: Int) -> [String] {
        let percent = Int(progress.share * 100)
        let bar = ProgressLine.bar(progress.share, width: 40)
        return ["\(minute(progress.now))  \(bar)  \(percent) %"]
            + wrapped(counts(progress), columns: columns)
            + wrapped(faults(progress), columns: columns)
    }

    /// One line, for output that isn't a terminal.
    static func line(_ progress: DayProgress) -> String {
        let faults = progress.faults.reduce(0) { $0 + $1.count }
        return "\(minute(progress.now))  " + counts(progress).joined(separator: "  ")
            + "  faults \(faults.grouped)"
    }

    private static func minute(_ time: Timestamp) -> String { String(time.shanghai.prefix(16)) }

    private static func counts(_ progress: DayProgress) -> [String] {
        let counts = progress.counts
        return [
            "orders \(counts.orders.grouped)", "rejected \(counts.rejected.grouped)",
            "paid \(counts.paid.grouped)", "callbacks \(counts.callbacks.grouped)",
            "deliveries \(counts.acknowledged.grouped)/\(counts.deliveries.grouped)",
            "refunds \(counts.refunds.grouped)", "dead letters \(counts.deadLetters.grouped)",
        ]
    }

    private static func faults(_ progress: DayProgress) -> [String] {
        let sum = progress.faults.reduce(0) { $0 + $1.count }
        return ["faults \(sum.grouped):"]
            + progress.faults.map { "\($0.fault.rawValue) \($0.count.grouped)" }
    }

    /// Parts on as few lines as hold them, two spaces between.
    private static func wrapped(_ parts: [String], columns: Int) -> [String] {
        var lines: [String] = []
        for part in parts {
            if let last = lines.last, last.displayWidth + 2 + part.displayWidth <= columns {
                lines[lines.count - 1] = last + "  " + part
            } else {
                lines.append((lines.isEmpty ? "" : "  ") + part)
            }
        }
        return lines
    }
}

public import ArgumentParser
import Foundation
import Payments
import Store
import WorkerRuntime

/// Which letters a command is about.
struct DeadLetterOptions: ParsableArguments {
    @Option(help: "Only letters of this topic.") var topic: String?
    @Option(help: "Only letters of this reason; may be given several times.")
    var reason: [String] = []
    @Option(
        help: ArgumentHelp(
            "Only letters written then or later: 30m, 12h, 7d, 2026-11-23 (Beijing), or RFC 3339.",
            valueName: "time"))
    var since: SinceTime?
    @Option(help: "Only letters whose record has this key; bytes as hex:00ff.")
    var key: RecordKey?

    func filter(_ status: DeadLetterFilter.Status = .open) -> DeadLetterFilter {
        DeadLetterFilter(
            status: status, topic: topic, reasons: reason, key: key?.bytes,
            since: since?.time(at: SystemClock().now()))
    }

    /// The same as it would be typed again.
    var arguments: [String] {
        var words: [String] = []
        if let topic { words += ["--topic", topic] }
        for one in reason { words += ["--reason", one] }
        if let since { words += ["--since", since.text] }
        if let key { words += ["--key", key.text] }
        return words.map(Self.quoted)
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-_.:/+".utf8.contains(byte)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}

extension DeadLetterFilter.Status: ExpressibleByArgument {}

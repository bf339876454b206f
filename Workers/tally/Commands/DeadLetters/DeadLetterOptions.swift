public import ArgumentParser
import Foundation
import Payments
import Store
import WorkerRuntime

/// Filters of the dead letters that a command lists or handles.
struct DeadLetterOptions: ParsableArguments {
    @Option(help: "Only dead letters of this topic.") var topic: String?
    @Option(help: "Only dead letters of this reason; may be repeated.")
    var reason: [String] = []
    @Option(
        help: ArgumentHelp(
            "Only dead letters written since: 30m, 12h, 7d, 2026-11-23 (Beijing), or RFC 3339.",
            valueName: "time"))
    var since: SinceTime?
    @Option(help: "Only dead letters whose record has this key; bytes as hex:00ff.")
    var key: RecordKey?

    func filter(_ status: DeadLetterFilter.Status = .open) -> DeadLetterFilter {
        DeadLetterFilter(
            status: status, topic: topic, reasons: reason, key: key?.bytes,
            since: since?.time(at: SystemClock().now()))
    }

    /// The filters as command line arguments, quoted for a shell.
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

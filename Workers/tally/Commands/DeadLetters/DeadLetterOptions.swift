import ArgumentParser
import Events
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

/// A moment, or how long ago it was.
struct SinceTime: ExpressibleByArgument {
    let text: String
    private let ago: Int64?
    private let moment: Timestamp?

    init?(argument: String) {
        text = argument
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        if let unit = argument.last.flatMap({ units[$0] }),
            let count = Int64(argument.dropLast()), (0...1_000_000_000).contains(count)
        {
            (ago, moment) = (count * unit, nil)
        } else if let moment = Timestamp(rfc3339: argument)
            ?? BusinessDay(argument)?.start ?? Timestamp(shanghai: argument)
        {
            (ago, self.moment) = (nil, moment)
        } else {
            return nil
        }
    }

    func time(at now: Timestamp) -> Timestamp {
        moment ?? now.adding(seconds: -(ago ?? 0))
    }
}

/// A record's key.
struct RecordKey: ExpressibleByArgument {
    let text: String
    let bytes: [UInt8]

    init?(argument: String) {
        text = argument
        guard argument.hasPrefix("hex:") else {
            bytes = Array(argument.utf8)
            return
        }
        guard let bytes = PrintableBytes.bytes(hex: argument.dropFirst(4)) else { return nil }
        self.bytes = bytes
    }
}

/// How fast: `100/s`, `100`, `600/m`.
struct LetterRate: ExpressibleByArgument {
    let perSecond: Double

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        let seconds: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600]
        guard parts.count <= 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
            let unit = seconds[parts.count == 2 ? parts[1] : "s"]
        else { return nil }
        perSecond = Double(count) / unit
    }
}

/// A letter's identity.
struct LetterID: ExpressibleByArgument {
    let id: EventID

    init?(argument: String) {
        guard let uuid = UUID(uuidString: argument) else { return nil }
        id = EventID(uuid)
    }
}

extension DeadLetterFilter.Status: ExpressibleByArgument {}

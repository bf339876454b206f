import Events
import Logging
import Store

extension Logger {
    /// Logs each published event with its trace, at `debug`, so that one order can be followed
    /// through all roles. No content: only topic, key and ids.
    func logPublished(_ events: [OutgoingEvent]) {
        guard logLevel <= .debug else { return }
        for event in events {
            var metadata: Metadata = ["topic": "\(event.topic)"]
            if let key = event.key { metadata["key"] = "\(LogText.of(key))" }
            for header in event.headers where LogText.headers.contains(header.name) {
                metadata[header.name.replacing("-", with: "_")] = "\(LogText.of(header.value))"
            }
            if let trace = event.headers.last(where: { $0.name == "traceparent" }) {
                let text = String(decoding: trace.value, as: UTF8.self)
                metadata["trace_id"] = TraceContext(text).map { "\($0.traceID)" }
            }
            debug("published an event", metadata: metadata)
        }
    }
}

/// Makes untrusted bytes safe for a log line.
private enum LogText {
    static let headers: Set = ["event-id", "dead-letter-id", "replayed-from"]

    static func of(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(64), as: UTF8.self)
            .filter { !$0.isNewline && $0.unicodeScalars.allSatisfy { $0.value >= 32 } }
    }
}

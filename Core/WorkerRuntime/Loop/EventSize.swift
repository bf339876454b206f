import Store

/// The size of an event that every topic takes. A larger one would be refused by the broker for
/// ever, and hold up the events behind it: so it is noticed when it is made, as poison of the
/// record that made it.
enum EventSize {
    /// Bytes of key, value and headers: `max.message.bytes` of the topics (1 MiB), less the
    /// protocol's framing.
    static let limit = (1 << 20) - 1_024

    /// The same of the topic of dead letters, whose records are other topics' with more headers:
    /// the largest record of a producer (4 MiB), less a trace's header and the framing.
    static let mirrorLimit = (4 << 20) - 4_096

    /// Throws poison where an event is too large.
    static func check(_ events: [OutgoingEvent]) throws(Poison) {
        guard let large = events.first(where: { $0.byteCount > limit }) else { return }
        throw Poison(
            reason: "event_too_large",
            error: "an event for \(large.topic) would have \(large.byteCount) bytes, more than "
                + "the \(limit) that its topic takes")
    }
}

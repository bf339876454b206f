/// The names of the settings. Any other name is an error, because a misspelt setting would silently
/// have no effect.
enum SettingNames {
    static let all: Set<String> = ChannelSettings.names.union(GatewaySettings.names)
        .union(DatabaseSettings.names).union([
            "TALLY_DATABASE_URL", "TALLY_KAFKA_BROKERS", "TALLY_MASTER_KEY", "TALLY_HTTP_HOST",
            "TALLY_HTTP_PORT", "TALLY_OPERATIONS_PORT", "TALLY_ENVIRONMENT", "TALLY_BANK_URL",
            "TALLY_BANK_SECRET", "TALLY_DELIVERY_ALLOW_PRIVATE", "TALLY_DELIVERY_TIME_LIMIT_MS",
            "TALLY_ANSWER_WAIT_MS", "TALLY_POISON_LIMIT", "TALLY_LOG_LEVEL", "TALLY_BROKER_BIN",
            "TALLY_LATE_PAYMENTS", "TALLY_DIFFERENCE_LIMIT_FEN",
        ])

    /// What is wrong with names of the environment.
    static func problems(of names: some Sequence<String>) -> [String] {
        names.sorted().filter { !all.contains($0) && !$0.hasPrefix(KafkaVariables.prefix) }
            .map { "\($0) is not a setting of tally" + suggestion(for: $0) }
    }

    /// How a misspelt name may have been meant, as the end of a sentence.
    /// - Parameter shown: how a variable is written where the name was found.
    static func suggestion(
        for name: String, shown: (String) -> String = { $0 }
    ) -> String {
        guard let nearest = nearest(to: name, of: all.union(KafkaVariables.usual)) else {
            return ": docs/operations.md lists the settings"
        }
        return ": did you mean \(shown(nearest))?"
    }

    /// The candidate that fewest changes of one character make of `name`; `nil` where all are far.
    static func nearest(to name: String, of candidates: Set<String>) -> String? {
        let measured = candidates.map { (name: $0, distance: distance(name, $0)) }
        let best = measured.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let best, best.distance <= max(2, name.count / 5) else { return nil }
        return best.name
    }

    /// How many characters must be inserted, removed or replaced (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}

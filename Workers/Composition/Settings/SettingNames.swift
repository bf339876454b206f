import Foundation
import Yams

/// The names of the settings. Any other name is an error, because a misspelt setting would silently
/// have no effect.
enum SettingNames {
    static let all: Set<String> = ChannelSettings.names.union([
        "TALLY_DATABASE_URL", "TALLY_KAFKA_BROKERS", "TALLY_MASTER_KEY", "TALLY_HTTP_HOST",
        "TALLY_HTTP_PORT", "TALLY_BANK_URL", "TALLY_BANK_SECRET", "TALLY_DELIVERY_ALLOW_PRIVATE",
        "TALLY_DELIVERY_TIME_LIMIT_MS",
        "TALLY_ANSWER_WAIT_MS", "TALLY_POISON_LIMIT", "TALLY_LOG_LEVEL", "TALLY_BROKER_BIN",
    ])

    // Secrets that the configuration file must not hold.
    private static let secrets: Set<String> = ["TALLY_MASTER_KEY", "TALLY_BANK_SECRET"]
    private static let kafkaPrefix = "TALLY_KAFKA_"

    static func check(environment names: some Sequence<String>) throws {
        for name in names.sorted() where !all.contains(name) && !name.hasPrefix(kafkaPrefix) {
            throw SettingError.unknown(name, in: "the environment")
        }
    }

    static func check(file: String) throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard let tree = try Yams.load(yaml: text) else { return }
        for path in leaves(tree, []) {
            let name = "TALLY_" + path.joined(separator: "_").uppercased()
            guard all.contains(name) else {
                throw SettingError.unknown(path.joined(separator: "."), in: file)
            }
            guard !secrets.contains(name) else {
                throw SettingError(
                    description: "\(path.joined(separator: ".")) is a secret and doesn't belong "
                        + "in \(file); set \(name) in the environment")
            }
        }
    }

    /// `TALLY_KAFKA_SECURITY_PROTOCOL` is librdkafka's `security.protocol`. (`TALLY_KAFKA_BROKERS`
    /// is a setting of its own, `TALLY_KAFKA_NODES` the sandbox's.)
    /// - Parameter environment: names without `TALLY_`.
    static func kafkaOptions(in environment: [String: String]) -> [String: String] {
        var options: [String: String] = [:]
        let others: Set = ["KAFKA_BROKERS", "KAFKA_NODES"]
        for (name, value) in environment where name.hasPrefix("KAFKA_") && !others.contains(name) {
            let option = name.dropFirst("KAFKA_".count).lowercased()
                .replacingOccurrences(of: "_", with: ".")
            options[option] = value
        }
        return options
    }

    private static func leaves(_ node: Any, _ path: [String]) -> [[String]] {
        guard let mapping = node as? [String: Any] else { return [path] }
        return mapping.flatMap { name, child in leaves(child, path + [name]) }
    }
}

import Foundation
import Kafka

/// The variables that are options of the Kafka client: `TALLY_KAFKA_SECURITY_PROTOCOL` is
/// librdkafka's `security.protocol`.
enum KafkaVariables {
    static let prefix = "TALLY_KAFKA_"

    /// Those that most clusters need, for suggestions.
    static let usual: Set<String> = Set(
        [
            "security.protocol", "sasl.mechanism", "sasl.username", "sasl.password",
            "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.key.password",
            "ssl.endpoint.identification.algorithm", "session.timeout.ms", "fetch.wait.max.ms",
        ].map(variable))

    // Settings of their own: the addresses, and the sandbox's number of nodes.
    private static let others: Set = ["TALLY_KAFKA_BROKERS", "TALLY_KAFKA_NODES"]

    /// The client's options among the environment's variables.
    static func options(in environment: [String: String]) -> [String: String] {
        var options: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix(prefix) && !others.contains(name) {
            let option = name.dropFirst(prefix.count).lowercased()
                .replacingOccurrences(of: "_", with: ".")
            options[option] = value
        }
        return options
    }

    /// What is wrong with options, each by its variable; never with a value that may be a secret.
    static func problems(of options: [String: String]) -> [String] {
        options.sorted { $0.key < $1.key }.compactMap { option, value in
            problem(option, value).map { "\(variable(option)) \($0)" }
        }
    }

    private static func problem(_ option: String, _ value: String) -> String? {
        switch KafkaOptions.problem(option, value) {
        case .unknown:
            let candidates = KafkaOptions.names.map(variable)
            let nearest = SettingNames.nearest(
                to: variable(option), of: usual.union(candidates).union(others))
            return "is neither a setting of tally nor, as \(option), an option of librdkafka"
                + (nearest.map { ": did you mean \($0)?" } ?? "")
        case .reserved:
            return "can't be set: the promises of the workers depend on \(option)"
        case .invalid:
            return "has a value that librdkafka doesn't accept for \(option)"
        case nil: break
        }
        guard option.hasSuffix(".location"), value != "probe",
            !FileManager.default.isReadableFile(atPath: value)
        else { return nil }
        return "names \(value), which \(UnreadableFile.reason(value))"
    }

    private static func variable(_ option: String) -> String {
        prefix + option.uppercased().replacingOccurrences(of: ".", with: "_")
    }
}

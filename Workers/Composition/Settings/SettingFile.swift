import Foundation
import Yams

/// The settings of a YAML file by their variables' names: `http.port` is `TALLY_HTTP_PORT`.
struct SettingFile {
    private(set) var values: [String: String] = [:]
    /// What is wrong, with the file and the line.
    private(set) var problems: [String] = []
    private let path: String

    // Secrets that the configuration file must not hold.
    private static let secrets: Set<String> = ["TALLY_MASTER_KEY", "TALLY_BANK_SECRET"]

    init(path: String) {
        self.path = path
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            problems = ["--config \(path) \(UnreadableFile.reason(path))"]
            return
        }
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            read(root, [])
        } catch {
            problems = [
                "\(path)\(Self.line(of: error)) is not YAML: a setting is written as name: value, "
                    + "its parts nested by spaces"
            ]
        }
    }

    private mutating func read(_ node: Node, _ names: [String]) {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    problems.append("\(place(key)): a setting's name must be text")
                    continue
                }
                read(value, names + [name])
            }
        case .scalar(let scalar) where !names.isEmpty: set(scalar.string, names, at: node)
        case .scalar, .sequence, .alias:
            let what = names.isEmpty ? "the file" : names.joined(separator: ".")
            problems.append("\(place(node)): \(what) must be name: value, not a list or bare text")
        }
    }

    private mutating func set(_ value: String, _ names: [String], at node: Node) {
        let dotted = names.joined(separator: ".")
        let variable = "TALLY_" + names.joined(separator: "_").uppercased()
        if Self.secrets.contains(variable) {
            problems.append(
                "\(place(node)): \(dotted) is a secret and doesn't belong in the file; set "
                    + "\(variable) in the environment")
        } else if variable.hasPrefix(KafkaVariables.prefix), variable != "TALLY_KAFKA_BROKERS" {
            problems.append(
                "\(place(node)): options of the Kafka client are set in the environment, as "
                    + variable)
        } else if !SettingNames.all.contains(variable) {
            problems.append(
                "\(place(node)): \(dotted) is not a setting of tally"
                    + SettingNames.suggestion(for: variable) { Self.dotted($0) })
        } else if values.updateValue(value, forKey: variable) != nil {
            problems.append("\(place(node)): \(dotted) is set twice")
        }
    }

    private func place(_ node: Node) -> String {
        path + (node.mark.map { " line \($0.line)" } ?? "")
    }

    private static func dotted(_ variable: String) -> String {
        variable.dropFirst("TALLY_".count).lowercased().replacingOccurrences(of: "_", with: ".")
    }

    private static func line(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            " line \(mark.line)"
        case .duplicatedKeysInMapping(_, let context): " line \(context.mark.line)"
        default: ""
        }
    }
}

/// Why a file can't be read, for the end of a sentence.
enum UnreadableFile {
    /// - Returns: `nil` for a file that can be read.
    static func check(_ path: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return "doesn't exist"
        }
        if isFolder.boolValue { return "is a folder, not a file" }
        guard FileManager.default.isReadableFile(atPath: path) else {
            return "can't be read by this process's user (uid \(getuid())): change its owner or "
                + "its permissions"
        }
        return nil
    }

    static func reason(_ path: String) -> String { check(path) ?? "can't be read as UTF-8 text" }
}

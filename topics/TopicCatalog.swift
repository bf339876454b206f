import Foundation
import Yams

/// The topics of this repository: the folders of `topics/`.
public enum TopicCatalog {
    /// Every topic of this build, sorted by name.
    ///
    /// - Throws: ``TopicCatalogError`` where the bundle is missing or a file is wrong.
    public static func load() throws(TopicCatalogError) -> [TopicDefinition] {
        try load(folder: Bundle.module.bundlePath)
    }

    /// Every topic of a folder with one folder for each, sorted by name.
    ///
    /// Entries without a `topic.yaml` are ignored.
    public static func load(folder: String) throws(TopicCatalogError) -> [TopicDefinition] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var definitions: [TopicDefinition] = []
        for entry in entries.sorted() {
            let file = "\(folder)/\(entry)/topic.yaml"
            guard FileManager.default.fileExists(atPath: file) else { continue }
            definitions.append(try read(file, expectedName: entry))
        }
        guard !definitions.isEmpty else { throw .empty(folder: folder) }
        return definitions
    }

    /// Reads and validates one `topic.yaml`.
    static func read(
        _ file: String, expectedName: String
    ) throws(TopicCatalogError) -> TopicDefinition {
        let definition: TopicDefinition
        do {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            definition = try YAMLDecoder().decode(TopicDefinition.self, from: text)
        } catch {
            throw .unreadable(file: file, reason: "\(error)")
        }
        if let reason = complaint(about: definition, expectedName: expectedName) {
            throw .invalid(file: file, reason: reason)
        }
        return definition
    }

    private static func complaint(
        about definition: TopicDefinition, expectedName: String
    ) -> String? {
        if definition.name != expectedName {
            return "name is \(definition.name), the folder is \(expectedName)"
        }
        if definition.partitions < 1 { return "partitions must be at least 1" }
        if definition.replicationFactor < 1 { return "replication_factor must be at least 1" }
        if definition.description.isEmpty { return "description is empty" }
        return nil
    }
}

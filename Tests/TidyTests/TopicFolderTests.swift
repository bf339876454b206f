import Foundation
import Testing

@Suite struct TopicFolderTests {
    /// The topics that the contract names.
    static let contract = [
        "callbacks.received", "dead-letters", "merchants.applied", "merchants.reviewed",
        "orders.accepted", "orders.changed", "orders.rejected", "orders.submitted",
        "payouts.completed", "payouts.requested", "reconciliations.completed",
        "statements.closed", "statements.lines",
    ]

    @Test func theFoldersAreTheTopics() throws {
        #expect(Repository.folders(in: "topics") == Self.contract)
        let manifest = try Repository.text("Package.swift")
        let readme = try Repository.text("docs/architecture.md")
        for topic in Self.contract {
            #expect(manifest.contains("\"\(topic)\""), "Package.swift lacks \(topic)")
            #expect(readme.contains("`\(topic)`"), "docs/architecture.md lacks \(topic)")
        }
    }

    @Test(arguments: contract)
    func aTopicIsDocumented(topic: String) throws {
        let yaml = try Repository.text("topics/\(topic)/topic.yaml")
        for key in [
            "name: \(topic)", "description:", "key:", "published_by:", "consumed_by:",
            "partitions:", "replication_factor:", "configs:", "retention.ms:",
        ] {
            #expect(yaml.contains(key), "topics/\(topic)/topic.yaml lacks \(key)")
        }
        let schema = try object("topics/\(topic)/schema.json")
        let example = try object("topics/\(topic)/example.json")
        let required = try #require(schema["required"] as? [String])
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        for name in required {
            #expect(example[name] != nil, "topics/\(topic)/example.json lacks \(name)")
        }
        for name in example.keys {
            #expect(properties[name] != nil, "topics/\(topic)/schema.json lacks \(name)")
        }
        for (name, property) in properties {
            #expect(property["description"] != nil, "topics/\(topic): say what \(name) is")
        }
        if topic != "dead-letters" {
            for name in ["event_id", "event_type", "schema_version", "occurred_at"] {
                #expect(required.contains(name), "topics/\(topic)/schema.json: require \(name)")
            }
        }
    }

    private func object(_ path: String) throws -> [String: Any] {
        let data = Data(try Repository.text(path).utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}

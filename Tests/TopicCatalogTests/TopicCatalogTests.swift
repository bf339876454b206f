import Foundation
import Testing

@testable import TopicCatalog

@Suite struct TopicCatalogTests {
    @Test func everyTopicOfTheContractIsThere() throws {
        let names = try TopicCatalog.load().map(\.name)
        #expect(
            names == [
                "callbacks.received", "dead-letters", "merchants.applied", "merchants.reviewed",
                "orders.accepted", "orders.changed", "orders.rejected", "orders.submitted",
                "payouts.completed", "payouts.requested", "reconciliations.completed",
                "statements.closed", "statements.lines",
            ])
    }

    @Test func settingsAreReadAsText() throws {
        let topics = try TopicCatalog.load()
        for topic in topics {
            #expect(topic.configs["retention.ms"].flatMap { Int64($0) } ?? 0 > 0, "\(topic.name)")
            #expect(topic.configs["cleanup.policy"] == "delete")
            #expect(topic.replicationFactor == 1)
            #expect(!topic.publishedBy.isEmpty && !topic.consumedBy.isEmpty)
        }
    }

    @Test func productionValuesLieOverTheTopicsOwn() throws {
        for topic in try TopicCatalog.load().map(\.forProduction) {
            #expect(topic.replicationFactor == 3)
            #expect(topic.configs["min.insync.replicas"] == "2")
            #expect(topic.configs["cleanup.policy"] == "delete")
        }
    }

    @Test func anEmptyFolderIsNamed() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(throws: TopicCatalogError.empty(folder: folder)) {
            try TopicCatalog.load(folder: folder)
        }
    }

    @Test(arguments: [
        "", "name: [", "name: a.b\n", "name: other\ndescription: d\nkey: k\npartitions: 1\n",
    ])
    func aWrongFileIsNamed(text: String) throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder + "/a.b", withIntermediateDirectories: true)
        try text.write(toFile: folder + "/a.b/topic.yaml", atomically: true, encoding: .utf8)
        let error = try #require(throws: TopicCatalogError.self) {
            try TopicCatalog.load(folder: folder)
        }
        #expect("\(error)".contains("/a.b/topic.yaml"))
    }

    @Test func theFoldersNameBinds() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder + "/a.b", withIntermediateDirectories: true)
        let text = """
            {name: c.d, description: d, key: k, published_by: [x], consumed_by: [y],
             partitions: 1, replication_factor: 1, configs: {}}
            """
        try text.write(toFile: folder + "/a.b/topic.yaml", atomically: true, encoding: .utf8)
        let error = try #require(throws: TopicCatalogError.self) {
            try TopicCatalog.load(folder: folder)
        }
        #expect("\(error)".contains("name is c.d, the folder is a.b"))
    }

    private func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("topics-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}

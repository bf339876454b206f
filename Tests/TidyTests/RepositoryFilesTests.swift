import Foundation
import Testing
import Yams

/// The files that other programs read: they parse, and name what there is.
@Suite struct RepositoryFilesTests {
    private static let folders = [
        ".github", ".devcontainer", "docker", "docs", "topics", "Tests/Vectors",
    ]

    private static func files(_ endings: String...) -> [String] {
        folders.flatMap { folder in
            endings.flatMap { Repository.files(in: folder, ending: $0) }
        }
    }

    @Test func everyYAMLFileParses() throws {
        let files = Self.files(".yaml", ".yml")
        #expect(files.count > 15)
        for file in files {
            #expect(throws: Never.self, "\(file) is not YAML") {
                try Yams.load(yaml: try Repository.text(file))
            }
        }
    }

    @Test func everyJSONFileParses() throws {
        let files = Self.files(".json")
        #expect(files.count > 25)
        for file in files {
            #expect(throws: Never.self, "\(file) is not JSON") {
                try JSONSerialization.jsonObject(with: Data(try Repository.text(file).utf8))
            }
        }
    }

    @Test func theWorkflowRunsTheReadmesTestCommandOnBothBrokers() throws {
        let jobs = try #require(try mapping(".github/workflows/ci.yml")["jobs"] as? [String: Any])
        for name in ["test", "test-on-apache-kafka"] {
            let job = try #require(jobs[name] as? [String: Any], "no job \(name)")
            #expect(job["runs-on"] as? String == "ubuntu-24.04")
            #expect((job["container"] as? String)?.hasPrefix("swift:6.3") == true)
            let steps = try #require(job["steps"] as? [[String: Any]])
            let commands = steps.compactMap { $0["run"] as? String }
            #expect(commands.contains(".ci/run"), "\(name) doesn't run the test command")
            #expect(
                commands.contains { $0.contains("KAFKA_HOME=") } == (name != "test"),
                "\(name) runs on the wrong broker")
        }
    }

    @Test func theDevelopmentContainerSetsItselfUp() throws {
        let text = try Repository.text(".devcontainer/devcontainer.json")
        let container = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect((container["image"] as? String)?.hasPrefix("swift:6.3") == true)
        #expect((container["postCreateCommand"] as? String)?.contains("make setup") == true)
    }

    private func mapping(_ path: String) throws -> [String: Any] {
        try #require(try Yams.load(yaml: try Repository.text(path)) as? [String: Any])
    }
}

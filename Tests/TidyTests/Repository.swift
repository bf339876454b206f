import Foundation

/// The repository's files, as these tests read them.
enum Repository {
    /// The folder that holds Package.swift, found upwards from this file.
    static let root: String = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let manifest = folder.appendingPathComponent("Package.swift").path
            if FileManager.default.fileExists(atPath: manifest) { return folder.path }
        }
        return FileManager.default.currentDirectoryPath
    }()

    /// The paths below `folder`, relative to the root, whose names end so; sorted.
    static func files(in folder: String, ending: String = ".swift") -> [String] {
        let base = "\(root)/\(folder)"
        let found = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String }
        return (found ?? []).filter { $0.hasSuffix(ending) }.map { "\(folder)/\($0)" }.sorted()
    }

    /// The names directly in `folder` that are folders.
    static func folders(in folder: String) -> [String] {
        let base = "\(root)/\(folder)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        return names.filter { isFolder("\(folder)/\($0)") }.sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var folder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &folder)
            && folder.boolValue
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(root)/\(path)")
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    static func lines(_ path: String) throws -> [Substring] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Every Swift file of the repository.
    static let swift: [String] =
        ["Core", "Workers", "topics", "Tests"].flatMap { files(in: $0) }

    /// Everything that people read: code, documents, scripts and settings. Not what is given (test
    /// vectors, licences), and no migration that has landed: those are never edited.
    static let texts: [String] = {
        let endings = [".swift", ".md", ".yaml", ".yml", ".json", ".py", ".sh", ".html", ".css"]
        let folders = ["Core", "Workers", "topics", "Tests", "docs", "docker", ".github"]
        let files = folders.flatMap { folder in
            endings.flatMap { Repository.files(in: folder, ending: $0) }
        }
        let others =
            Repository.files(in: "scripts", ending: "")
            + ["Package.swift", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        return (files + others).filter { file in
            exists(file) && !isFolder(file) && !file.hasPrefix("Tests/Vectors/")
                && !file.contains("__pycache__")
        }.sorted()
    }()

    /// The Swift files that are part of the product.
    static let product: [String] = swift.filter { !$0.hasPrefix("Tests/") }
}

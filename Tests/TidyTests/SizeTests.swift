import Testing

@Suite struct SizeTests {
    @Test func noFileIsLongerThan400Lines() throws {
        for file in Repository.swift {
            let count = try Repository.lines(file).count
            #expect(count <= 401, "\(file) has \(count) lines; split it")
        }
    }

    @Test func noLineIsLongerThan100Columns() throws {
        for file in Repository.swift + ["Package.swift"] {
            for (number, line) in try Repository.lines(file).enumerated()
            where line.count > 100 {
                Issue.record("\(file):\(number + 1) has \(line.count) columns")
            }
        }
    }

    @Test func mostFilesAreShort() throws {
        let counts = try Repository.product.map { try Repository.lines($0).count }.sorted()
        let median = counts[counts.count / 2]
        #expect(median <= 130, "the median file has \(median) lines; about 100 is wanted")
    }

    @Test func noFolderIsADrawerForEverything() {
        let banned: Set = ["common", "utils", "helpers", "new", "misc", "shared"]
        let folders = Set(
            Repository.swift.flatMap { $0.split(separator: "/").dropLast().map(String.init) })
        for folder in folders {
            #expect(!banned.contains(folder.lowercased()), "\(folder) says nothing; name it")
        }
    }
}

import Foundation
import TestStack
import TestWaiting

/// The wall clock that the roles see, which may jump: `stepped_clock.c`, preloaded.
struct SteppedClock: Sendable {
    private let file: String
    private let library: String

    /// - Parameter folder: takes the library and the file that says how wrong the clock is.
    init(folder: String) async throws {
        file = folder + "/clock"
        library = folder + "/clock.so"
        try Data(count: 8).write(to: URL(fileURLWithPath: file))
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("stepped_clock.c").path
        let compiler = try TallyProcess(
            ["-O2", "-Wall", "-shared", "-fPIC", "-o", library, source], folder: folder,
            name: "clock", program: "/usr/bin/cc")
        let ending = try await compiler.ending(within: .seconds(60))
        guard ending.status == 0 else {
            throw DeadlineError(description: "\(source) can't be compiled: \(ending.errors)")
        }
    }

    /// Sets the clock wrong by so many seconds, at once; 0 corrects it.
    func step(seconds: Int) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.write(contentsOf: withUnsafeBytes(of: Int64(seconds)) { Data($0) })
        try handle.close()
    }

    /// The environment of a process that uses it.
    var settings: [String: String] { ["LD_PRELOAD": library, "STEPPED_CLOCK": file] }
}

import Foundation
import TestStack
import TestWaiting

/// A file system for the database alone, so that it can be full: ext4 in a file, on a loop device.
/// Mounting takes root; see ``MountNamespace`` for how the mount ends.
struct SmallDisk: Sendable {
    // Sparse: it takes the room of what is written.
    private static let size: UInt64 = 6 << 30

    /// Where it is mounted.
    let folder: String
    private var filler: String { folder + "/filler" }

    /// - Parameter folder: made, with the image and the programs' output beside it.
    static func mount(at folder: String) async throws -> SmallDisk {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let image = folder + ".img"
        _ = files.createFile(atPath: image, contents: nil)
        try FileHandle(forWritingTo: URL(fileURLWithPath: image)).truncate(atOffset: size)
        let beside = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        for command in [
            ["/sbin/mkfs.ext4", "-q", "-m", "0", image],
            ["/bin/mount", "-o", "loop", image, folder],
        ] {
            let process = try TallyProcess(
                Array(command[1...]), folder: beside, name: "disk", program: command[0])
            let ending = try await process.ending(within: .seconds(60))
            guard ending.status == 0 else {
                throw DeadlineError(description: "\(command): \(ending.errors)")
            }
        }
        return SmallDisk(folder: folder)
    }

    /// Takes all the room that is left.
    /// - Throws: where room is left.
    func fill() throws {
        let file = open(filler, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("can't be filled", errno) }
        defer { close(file) }
        var (end, piece) = (off_t(0), off_t(Self.size))
        var error: Int32 = 0
        while piece >= 4_096 {
            error = posix_fallocate(file, end, piece)
            if error == 0 { end += piece } else { piece /= 2 }
        }
        guard error == ENOSPC else { throw failure("isn't full", error) }
    }

    /// Returns the room.
    func free() throws {
        guard unlink(filler) == 0 else { throw failure("stays full", errno) }
    }

    private func failure(_ what: String, _ error: Int32) -> DeadlineError {
        DeadlineError(description: "the disk at \(folder) \(what): error \(error)")
    }

    /// Once nothing uses it.
    func unmount() { umount2(folder, Int32(MNT_DETACH)) }
}

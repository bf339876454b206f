import Glibc
public import Payments
public import WorkerRuntime

/// A business clock that stops until its conductor moves it; for a played day only.
///
/// The time is eight bytes of a memory-mapped file: microseconds of business time. Every role of a
/// played day maps the same file, in one process or in several. One conductor calls `advance(to:)`;
/// all others read. A role accepts it only where the database has the play mark
/// (see `docs/decisions/0002-play-clock.md`).
public final class PlayClock: BusinessClock {
    /// The file behind the clock.
    public let file: String

    // The mapping lives as long as this object and is read and written one aligned word at a time.
    private let word: UInt

    /// Maps an existing `file`.
    /// - Throws: `PlayClockError` if the file can't be opened, is too short or can't be mapped.
    public init(file: String) throws(PlayClockError) {
        self.file = file
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw PlayClockError(file: file, errno: errno) }
        defer { _ = Glibc.close(descriptor) }
        guard lseek(descriptor, 0, SEEK_END) >= 8 else {
            throw PlayClockError(file: file, errno: EINVAL)
        }
        let mapping = mmap(nil, 8, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else {
            throw PlayClockError(file: file, errno: errno)
        }
        word = UInt(bitPattern: mapping)
    }

    deinit { munmap(UnsafeMutableRawPointer(bitPattern: word), 8) }

    /// Creates the file of a clock that starts at `start`, and maps it.
    public static func create(file: String, start: Timestamp) throws(PlayClockError) -> PlayClock {
        let descriptor = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw PlayClockError(file: file, errno: errno) }
        var time = start.microseconds
        let written = write(descriptor, &time, 8)
        _ = Glibc.close(descriptor)
        guard written == 8 else { throw PlayClockError(file: file, errno: EIO) }
        return try PlayClock(file: file)
    }

    /// The business time the conductor has set.
    public func now() -> Timestamp {
        Timestamp(microseconds: pointer?.pointee ?? 0)
    }

    /// Moves the clock; the conductor's call. A time before the present one is ignored.
    public func advance(to time: Timestamp) {
        guard let pointer, time.microseconds > pointer.pointee else { return }
        pointer.pointee = time.microseconds
    }

    /// Reads the clock every few milliseconds of real time until it reaches `deadline`.
    public func sleep(until deadline: Timestamp) async throws {
        while now() < deadline { try await Task.sleep(for: .milliseconds(5)) }
    }

    private var pointer: UnsafeMutablePointer<Int64>? {
        UnsafeMutablePointer(bitPattern: word)
    }
}

/// Why a played day's clock can't be used.
public struct PlayClockError: Error, CustomStringConvertible {
    let file: String
    let errno: Int32

    /// The file and the system's error text.
    public var description: String {
        "the play clock \(file) can't be used: \(String(cString: strerror(errno)))"
    }
}

#if canImport(Glibc)
import Glibc
#endif

/// The machine's real-time clock.
enum WallClock {
    /// Microseconds since 1970, UTC.
    static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}

import Dispatch

/// Monotonic nanoseconds, for deadlines on a client's thread.
enum MonotonicTime {
    static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

    static func after(_ duration: Duration) -> UInt64 {
        now + UInt64(max(duration.wholeMilliseconds, 0)) * 1_000_000
    }

    /// Whole milliseconds from `start` to `end`, rounded up; 0 where `end` is past.
    static func milliseconds(from start: UInt64, to end: UInt64) -> Int32 {
        end <= start ? 0 : Int32(clamping: (end - start + 999_999) / 1_000_000)
    }
}

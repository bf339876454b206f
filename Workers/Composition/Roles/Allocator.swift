import CJemalloc

/// jemalloc stands in for malloc by being linked: what one thread makes and another frees by the
/// thousand costs glibc's a fifth of a worker's time.
package enum Allocator {
    /// Has a thread of its own give unused memory back to the system, also in a quiet process.
    package static func returnMemoryInBackground() {
        var isOn = true
        _ = mallctl("background_thread", nil, nil, &isOn, MemoryLayout<Bool>.size)
    }
}

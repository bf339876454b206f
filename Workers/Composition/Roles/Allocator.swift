import CJemalloc

/// jemalloc, which replaces malloc by being linked: with glibc's, a fifth of a worker's time goes
/// into memory that one thread allocates and another frees.
package enum Allocator {
    /// Starts jemalloc's thread that returns unused memory to the system, also in an idle process.
    package static func returnMemoryInBackground() {
        var isOn = true
        _ = mallctl("background_thread", nil, nil, &isOn, MemoryLayout<Bool>.size)
    }
}

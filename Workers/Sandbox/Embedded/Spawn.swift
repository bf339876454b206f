import Foundation

/// Starts a process in a session of its own, with nothing of this process's but the three standard
/// descriptors and no signal blocked or ignored; returns its id.
func spawn(
    _ arguments: [String], environment: [String: String], input: Int32, output: Int32
) throws(EmbeddedError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    // Libraries open descriptors that survive exec, also while this runs: hence the margin. Closing
    // one that isn't open is no error.
    for descriptor in 3...(highestDescriptor() + 256) {
        posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID of spawn.h, which Swift doesn't import.
    let newSession: Int32 = 0x80
    let flags = newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var ordinary = sigset_t()
    sigemptyset(&ordinary)
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2] {
        sigaddset(&ordinary, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &ordinary)

    var argumentPointers = arguments.map { strdup($0) } + [nil]
    var environmentPointers = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
        argumentPointers.forEach { free($0) }
        environmentPointers.forEach { free($0) }
    }
    var pid: pid_t = 0
    let code = posix_spawn(
        &pid, arguments[0], &actions, &attributes, &argumentPointers, &environmentPointers)
    guard code == 0 else {
        throw EmbeddedError("can't start \(arguments[0]): \(String(cString: strerror(code)))")
    }
    return pid
}

private func highestDescriptor() -> Int32 {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    return (names ?? []).compactMap { Int32($0) }.max() ?? 256
}

import Sandbox
import ServiceLifecycle
import Synchronization

/// A stack that is left up after its day: `endpoints.json` and the script exist until Ctrl-C.
final class KeptStack: Sendable {
    private let endpoints: EndpointsFile
    private let script: StackScript
    private let sound = Mutex(false)

    /// Whether the day was as it should be.
    var isSound: Bool {
        get { sound.withLock { $0 } }
        set { sound.withLock { $0 = newValue } }
    }

    init(stack: Stack) {
        endpoints = EndpointsFile(stack: stack)
        script = StackScript(stack: stack)
    }

    /// Returns at graceful shutdown.
    func stayUp() async throws {
        try script.write()
        try endpoints.write()
        Terminal.note(
            "the stack stays up, its clock has stopped at the day's end; stop with Ctrl-C")
        try await gracefulShutdown()
    }

    func remove() {
        endpoints.remove()
        script.remove()
    }
}

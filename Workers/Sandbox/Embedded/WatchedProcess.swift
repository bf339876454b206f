import Foundation
import Synchronization

/// A child process that never outlives this one, however this one ends.
///
/// The child runs below a small shell that holds one end of a socket pair, the lifeline. When this
/// process ends, even by kill -9, the other end closes, and the shell stops the child. Both ends
/// are close-on-exec and every other descriptor is closed in the child, so that no sibling keeps an
/// end open by accident. The child has a session of its own: a Ctrl-C at the terminal doesn't reach
/// it.
final class WatchedProcess: Sendable {
    /// The program to run.
    struct Command: Sendable {
        /// The executable, as an absolute path, then its arguments.
        var arguments: [String]
        var environment: [String: String]
        /// The signal that stops it when this process ends.
        var stopSignal: String
        /// Where its process id is written.
        var pidFile: String
        /// A folder to delete when the child has ended; empty for none.
        var folderToRemove = ""
        /// How long a child may take to stop before it gets QUIT, and 5 s later KILL.
        var graceSeconds = 20
    }

    private struct State {
        var exitCode: Int32?
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())
    private let lifeline: Int32
    private let pidFile: String
    private let log: ChildLog

    /// Starts the child with its output going to `log`.
    static func start(_ command: Command, log: ChildLog) throws(EmbeddedError) -> WatchedProcess {
        var ends: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(type), 0, &ends) == 0 else {
            throw EmbeddedError("no socket pair: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[1]) }
        unlink(command.pidFile)
        let watched = WatchedProcess(lifeline: ends[0], pidFile: command.pidFile, log: log)
        let shell = try spawn(
            ["/bin/sh", "-c", script, "tally-watchdog"] + [
                command.pidFile, command.stopSignal, command.folderToRemove,
                String(command.graceSeconds),
            ] + command.arguments,
            environment: command.environment, input: ends[1], output: log.descriptor)
        Thread.detachNewThread { [weak watched] in
            var status: Int32 = 0
            while waitpid(shell, &status, 0) == -1 && errno == EINTR {}
            // WIFEXITED and WEXITSTATUS, else 128 + the signal, as a shell has it.
            let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            watched?.ended(code)
        }
        return watched
    }

    private init(lifeline: Int32, pidFile: String, log: ChildLog) {
        self.lifeline = lifeline
        self.pidFile = pidFile
        self.log = log
    }

    deinit { close(lifeline) }

    /// The child's own process id, not the shell's; `nil` before it is started.
    var pid: Int32? {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8) else { return nil }
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    var isRunning: Bool { state.withLock { $0.exitCode == nil } }

    func logTail(lines: Int = 15) -> [String] { log.tail(lines: lines) }

    /// Sends a signal (by its name without SIG) and returns when the child has ended. One that
    /// doesn't end within the command's `graceSeconds` gets QUIT, and 5 s later KILL.
    func stop(signal: String) async {
        let line = [UInt8]((signal + "\n").utf8)
        _ = send(lifeline, line, line.count, Int32(MSG_NOSIGNAL))
        _ = await waitForExit()
    }

    /// The exit code; 128 + n where signal n ended the child.
    func waitForExit() async -> Int32 {
        await withCheckedContinuation { waiter in
            let code: Int32? = state.withLock { state in
                if state.exitCode == nil { state.waiters.append(waiter) }
                return state.exitCode
            }
            if let code { waiter.resume(returning: code) }
        }
    }

    private func ended(_ code: Int32) {
        let waiters = state.withLock { state in
            state.exitCode = code
            defer { state.waiters = [] }
            return state.waiters
        }
        waiters.forEach { $0.resume(returning: code) }
    }

    /// The shell reads one line from the socket pair: the signal to stop the child with, or nothing
    /// when the other end was closed.
    private static let script = """
        pid_file=$1 stop_signal=$2 folder=$3 grace=$4
        shift 4
        exec 3<&0 </dev/null
        cd /
        "$@" 3<&- &
        child=$!
        echo "$child" >"$pid_file"
        (
            how=
            read -r how <&3
            kill -s "${how:-$stop_signal}" "$child"
            tenths=0
            while kill -0 "$child"; do
                [ "$tenths" -eq $((grace * 10)) ] && kill -s QUIT "$child"
                [ "$tenths" -ge $((grace * 10 + 50)) ] && kill -s KILL "$child"
                tenths=$((tenths + 1))
                sleep 0.1
            done
        ) 2>/dev/null &
        watchdog=$!
        exec 3<&-
        wait "$child"
        code=$?
        kill -s KILL "$watchdog" 2>/dev/null
        if [ -n "$folder" ]; then
            rm -rf "$folder"
            rmdir "$(dirname "$folder")" 2>/dev/null
        fi
        exit "$code"
        """
}

import CLibPQ
import Foundation

/// A call is sent and answered without blocking in libpq: the thread waits in `poll`, until the
/// call's deadline at the latest.
extension ConnectionHandle {
    /// Sends a command and returns its result, or throws the error that it reports.
    /// - Parameter send: one of libpq's `PQsend…` functions.
    func call(
        _ statement: String, _ send: () -> Int32
    ) throws(PostgresError) -> PostgresResult {
        try start(statement, send).checked(self)
    }

    /// Sends a command and returns its result, whatever it is.
    func start(
        _ statement: String, _ send: () -> Int32
    ) throws(PostgresError) -> PostgresResult {
        let deadline = deadline
        guard send() == 1 else {
            throw PostgresError(lastError.kind, statement: statement)
        }
        try flush(statement, by: deadline)
        return try answer(to: statement, by: deadline)
    }

    /// Returns when everything is sent.
    func flush(
        _ statement: String, by deadline: ContinuousClock.Instant?
    ) throws(PostgresError) {
        while PQflush(pointer) == 1 {
            // The server may have to send before it can read on. A failure shows in the answer.
            let events = try wait(for: POLLIN | POLLOUT, statement, by: deadline)
            if events & POLLIN != 0, PQconsumeInput(pointer) == 0 { return }
        }
    }

    /// Collects a command's results: the first failure, or the last result.
    func answer(
        to statement: String, by deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> PostgresResult {
        var kept: PostgresResult?
        while true {
            while PQisBusy(pointer) == 1 {
                _ = try wait(for: POLLIN, statement, by: deadline)
                // Where the connection has ended, libpq has the reason for us, and waits no more.
                if PQconsumeInput(pointer) == 0 { break }
            }
            guard let made = PQgetResult(pointer) else { break }
            let result = PostgresResult(owning: made, statement: statement)
            if kept?.isFailure != true { kept = result }
            if result.isCopy || isBroken { break }
        }
        guard let kept else { throw PostgresError(lastError.kind, statement: statement) }
        return kept
    }

    /// Waits for the socket.
    /// - Returns: what it is ready for; what was waited for where it is closed already.
    private func wait(
        for events: Int32, _ statement: String, by deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> Int32 {
        var entry = pollfd(fd: PQsocket(pointer), events: Int16(events), revents: 0)
        guard entry.fd >= 0 else { return events }
        while true {
            let left = deadline.map { ($0 - .now) / .milliseconds(1) }
            let count = poll(&entry, 1, left.map { Int32(max(0, $0.rounded(.up))) } ?? -1)
            if count > 0 { return Int32(entry.revents) }
            if count < 0, errno == EINTR { continue }
            throw PostgresError(
                .connection(
                    count == 0
                        ? "the server didn't answer in time; the connection is closed"
                        : "poll: \(String(cString: strerror(errno)))"), statement: statement)
        }
    }
}

extension PostgresResult {
    /// Itself; throws the error that it reports.
    func checked(_ handle: ConnectionHandle) throws(PostgresError) -> PostgresResult {
        guard isSuccess else { throw failure(connectionIsBroken: handle.isBroken) }
        return self
    }

    var isFailure: Bool { status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE }

    /// Whether rows go over the connection next.
    var isCopy: Bool {
        status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
    }
}

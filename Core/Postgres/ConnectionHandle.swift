import CLibPQ
import Foundation
import Logging

/// Owns libpq's connection; closed with the last reference. Used from one thread at a time: its
/// owner is an actor, or a thread of its own.
///
/// libpq runs in its non-blocking mode, so that a call waits for the server in `poll`, which ends.
final class ConnectionHandle {
    let pointer: OpaquePointer
    private let notices: NoticeLog
    private let answerTimeout: Duration?

    /// Connects; blocks until done or `connect_timeout`.
    init(
        url: String, applicationName: String, session: PostgresSessionSettings, logger: Logger
    ) throws(PostgresError) {
        // libpq expands the URL at `dbname`: it overrides the parameters before, not those after.
        let parameters =
            session.connectionParameters + [
                ("dbname", url),
                ("application_name", applicationName), ("client_encoding", "UTF8"),
            ]
        let opened = Self.withCStrings(parameters.map(\.0)) { names in
            Self.withCStrings(parameters.map(\.1)) { values in
                PQconnectdbParams(names, values, 1)
            }
        }
        guard let opened else { throw PostgresError(.connection("out of memory")) }
        guard PQstatus(opened) == CONNECTION_OK, PQsetnonblocking(opened, 1) == 0 else {
            let reason = Self.message(opened)
            PQfinish(opened)
            throw PostgresError(.connection(reason))
        }
        pointer = opened
        answerTimeout = session.answerTimeout
        notices = NoticeLog(logger: logger)
        PQsetNoticeReceiver(
            opened,
            { argument, result in
                guard let argument, let result else { return }
                Unmanaged<NoticeLog>.fromOpaque(argument).takeUnretainedValue().write(result)
            }, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit { PQfinish(pointer) }

    var isBroken: Bool { PQstatus(pointer) != CONNECTION_OK }

    /// Whether no transaction is open, failed ones included.
    var isIdle: Bool { PQtransactionStatus(pointer) == PQTRANS_IDLE }

    var lastError: PostgresError { PostgresError(.connection(Self.message(pointer))) }

    /// When a call that begins now must have its answer.
    var deadline: ContinuousClock.Instant? { answerTimeout.map { .now + $0 } }

    /// The server process's number, as the other end of the connection says at its start.
    var processID: Int32 { PQbackendPID(pointer) }

    /// The same, as the server itself says.
    func serverProcessID() throws(PostgresError) -> Int32 {
        let statement = "select pg_backend_pid()"
        let result = try execute(statement, PostgresBindings(), statement: statement)
        guard let row = result.first else {
            throw PostgresError(.protocolBroken("no row"), statement: statement)
        }
        return try row.int32(0)
    }

    /// Whether an idle connection is still open, without a round trip: a closed one has unread
    /// bytes.
    func probe() -> Bool {
        var entry = pollfd(fd: PQsocket(pointer), events: Int16(POLLIN), revents: 0)
        // A closing server sends an error and then end of file; a notice is followed by nothing.
        for _ in 0..<8 where poll(&entry, 1, 0) > 0 {
            if PQconsumeInput(pointer) == 0 { return false }
        }
        return !isBroken
    }

    func prepare(
        _ name: String, sql: String, oids: [UInt32], statement: String
    ) throws(PostgresError) {
        _ = try call(statement) {
            PQsendPrepare(pointer, name, sql, Int32(clamping: oids.count), oids)
        }
    }

    func executePrepared(
        _ name: String, _ bindings: PostgresBindings, statement: String
    ) throws(PostgresError) -> PostgresResult {
        try checkSize(bindings, statement)
        return try call(statement) {
            bindings.withParameters { count, values, lengths, formats in
                PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 1)
            }
        }
    }

    func execute(
        _ sql: String, _ bindings: PostgresBindings, statement: String
    ) throws(PostgresError) -> PostgresResult {
        try checkSize(bindings, statement)
        return try call(statement) {
            bindings.withParameters { count, values, lengths, formats in
                PQsendQueryParams(pointer, sql, count, bindings.oids, values, lengths, formats, 1)
            }
        }
    }

    /// Any number of statements without parameters; the last one's result.
    func executeScript(
        _ sql: String, statement: String
    ) throws(PostgresError) -> PostgresResult {
        try call(statement) { PQsendQuery(pointer, sql) }
    }

    private func checkSize(
        _ bindings: PostgresBindings, _ statement: String
    ) throws(PostgresError) {
        guard bindings.buffer.count < 1 << 30, bindings.count <= Int(UInt16.max) else {
            throw PostgresError(
                .protocolBroken(
                    "\(bindings.count) parameters of \(bindings.buffer.count) bytes are too "
                        + "many for one statement: send smaller batches"), statement: statement)
        }
    }

    private static func message(_ connection: OpaquePointer) -> String {
        PQerrorMessage(connection).map { String(cString: $0).trimmedMessage } ?? "no reason given"
    }

    /// Passes the strings to `body` as a null-terminated C array.
    private static func withCStrings<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer {
            body($0.baseAddress)
        }
    }
}

/// Logs the server's notices, which libpq would print on standard error.
private final class NoticeLog {
    private let logger: Logger
    init(logger: Logger) { self.logger = logger }

    func write(_ result: OpaquePointer) {
        let text = PQresultErrorField(result, ErrorField.message.code)
        logger.debug("\(text.map { String(cString: $0) } ?? "notice")")
    }
}

extension PostgresBindings {
    /// Passes the parameters to `body` in libpq's form, all binary.
    func withParameters<Value>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?
        ) -> Value
    ) -> Value {
        buffer.withUnsafeBytes { bytes in
            let base = bytes.baseAddress
            let values = offsets.indices.map { index -> UnsafePointer<CChar>? in
                lengths[index] < 0
                    ? nil
                    : base.map { ($0 + offsets[index]).assumingMemoryBound(to: CChar.self) }
            }
            let formats = [Int32](repeating: 1, count: count)
            return body(Int32(clamping: count), values, lengths, formats)
        }
    }
}

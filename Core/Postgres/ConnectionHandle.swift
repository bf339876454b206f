import CLibPQ
import Foundation
import Logging

/// Owns libpq's connection; closed with the last reference. Used from one thread at a time: its
/// owner is an actor, or a thread of its own.
final class ConnectionHandle {
    let pointer: OpaquePointer
    private let notices: NoticeLog

    /// Connects; blocks until done or `connect_timeout` (10 s unless the URL says otherwise).
    init(
        url: String, applicationName: String, logger: Logger
    ) throws(PostgresError) {
        // libpq expands the URL at `dbname`: it overrides the parameters before, not those after.
        let parameters = [
            ("connect_timeout", "10"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "60000"),
            ("dbname", url),
            ("application_name", applicationName), ("client_encoding", "UTF8"),
        ]
        let opened = Self.withCStrings(parameters.map(\.0)) { names in
            Self.withCStrings(parameters.map(\.1)) { values in
                PQconnectdbParams(names, values, 1)
            }
        }
        guard let opened else { throw PostgresError(.connection("out of memory")) }
        guard PQstatus(opened) == CONNECTION_OK else {
            let reason = Self.message(opened)
            PQfinish(opened)
            throw PostgresError(.connection(reason))
        }
        pointer = opened
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
        let made = PQprepare(pointer, name, sql, Int32(clamping: oids.count), oids)
        _ = try check(made, statement: statement)
    }

    func executePrepared(
        _ name: String, _ bindings: PostgresBindings, statement: String
    ) throws(PostgresError) -> PostgresResult {
        try checkSize(bindings, statement)
        let made = bindings.withParameters { count, values, lengths, formats in
            PQexecPrepared(pointer, name, count, values, lengths, formats, 1)
        }
        return try check(made, statement: statement)
    }

    func execute(
        _ sql: String, _ bindings: PostgresBindings, statement: String
    ) throws(PostgresError) -> PostgresResult {
        try checkSize(bindings, statement)
        let made = bindings.withParameters { count, values, lengths, formats in
            PQexecParams(pointer, sql, count, bindings.oids, values, lengths, formats, 1)
        }
        return try check(made, statement: statement)
    }

    /// Any number of statements without parameters; the last one's result.
    func executeScript(
        _ sql: String, statement: String
    ) throws(PostgresError) -> PostgresResult {
        try check(PQexec(pointer, sql), statement: statement)
    }

    /// The result, or the error that it reports.
    func check(
        _ made: OpaquePointer?, statement: String
    ) throws(PostgresError) -> PostgresResult {
        guard let made else {
            throw PostgresError(.connection(Self.message(pointer)), statement: statement)
        }
        let result = PostgresResult(owning: made, statement: statement)
        guard result.isSuccess else {
            throw result.failure(connectionIsBroken: isBroken)
        }
        return result
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

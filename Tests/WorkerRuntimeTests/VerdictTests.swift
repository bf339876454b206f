import Foundation
import Store
import Testing

@testable import Kafka
@testable import Postgres
@testable import WorkerRuntime

@Suite struct VerdictTests {
    private struct HandlerError: Error {}

    private func server(_ state: String) -> PostgresError {
        PostgresError(
            .server(
                PostgresServerError(
                    sqlState: state, message: "m", detail: nil, hint: nil, table: nil,
                    column: nil, constraint: nil, position: nil)))
    }

    private func isPoison(_ error: any Error) -> Bool {
        if case .poison = Verdict(error) { return true }
        return false
    }

    /// Of every class: what PostgreSQL says, and what it means here.
    private static let environment: [(state: String, meaning: String)] = [
        ("08006", "connection failure"), ("08P01", "protocol violation"),
        ("0A000", "cached plan must not change result type"),
        ("22023", "a server's setting has a value that it refuses"),
        ("22P03", "a column's type is another than the build's"),
        ("22P04", "a table's columns are others than the build's"),
        ("23502", "not null, of a column that an older build doesn't know"),
        ("25006", "read-only: a standby"), ("25P02", "the transaction is aborted"),
        ("25P03", "idle in transaction for too long"),
        ("26000", "the prepared statement doesn't exist"),
        ("28000", "invalid authorization"), ("28P01", "invalid password"),
        ("3D000", "the database doesn't exist"), ("3F000", "the schema doesn't exist"),
        ("40001", "serialization failure"), ("40003", "statement completion unknown"),
        ("40P01", "deadlock"),
        ("42501", "permission denied"), ("42601", "syntax error"),
        ("42703", "undefined column"), ("42704", "undefined object"),
        ("42804", "datatype mismatch"), ("42883", "undefined function"),
        ("42P01", "undefined table"), ("42P05", "the prepared statement exists already"),
        ("42P10", "no unique index for ON CONFLICT"), ("42P18", "indeterminate datatype"),
        ("53100", "disk full"), ("53200", "out of memory"), ("53300", "too many connections"),
        ("53400", "configuration limit exceeded"),
        ("54011", "too many columns"), ("54023", "too many arguments"),
        ("55000", "object not in prerequisite state"), ("55006", "object in use"),
        ("55P02", "can't change a runtime parameter"), ("55P03", "lock not available"),
        ("57014", "query canceled"), ("57P01", "admin shutdown"), ("57P02", "crash shutdown"),
        ("57P03", "cannot connect now"), ("57P04", "database dropped"),
        ("57P05", "idle session timeout"),
        ("58000", "system error"), ("58030", "I/O error"), ("58P01", "undefined file"),
        ("F0000", "configuration file error"), ("HV000", "foreign data wrapper error"),
        ("P0000", "PL/pgSQL error"), ("P0002", "no data found"), ("P0004", "assert failure"),
        ("XX000", "internal error"), ("XX001", "data corrupted"), ("XX002", "index corrupted"),
    ]

    private static let data: [(state: String, meaning: String)] = [
        ("21000", "two records of a batch change the same row"),
        ("22001", "text too long"), ("22003", "number out of range"),
        ("22007", "invalid time"), ("22008", "time out of range"), ("22012", "division by zero"),
        ("22021", "character not in the encoding"), ("22030", "duplicate JSON key"),
        ("22032", "invalid JSON"), ("22P02", "invalid text representation"),
        ("22P05", "untranslatable character"),
        ("23503", "foreign key"), ("23505", "unique"), ("23514", "check"), ("23P01", "exclusion"),
        ("44000", "WITH CHECK OPTION"),
        ("54000", "a value is too large for its index"), ("54001", "JSON nested too deeply"),
        ("P0001", "raised by a trigger of the schema"),
    ]

    @Test(arguments: environment)
    func anErrorOfTheEnvironmentIsRetried(row: (state: String, meaning: String)) {
        #expect(Verdict(server(row.state)) == .retry, "\(row.meaning)")
        #expect(server(row.state).isDatabaseFailure)
    }

    @Test(arguments: data)
    func anErrorOfARecordsValuesBreaksTheHandler(row: (state: String, meaning: String)) {
        #expect(isPoison(server(row.state)), "\(row.meaning)")
        #expect(!server(row.state).isDatabaseFailure)
    }

    @Test func aConnectionOrAColumnIsNeverTheRecordsFault() {
        for kind in [
            PostgresError.Kind.connection("lost"), .protocolBroken("odd"), .closed("pool"),
            .column("column 0 is text, not bigint"),
        ] {
            #expect(Verdict(PostgresError(kind)) == .retry)
        }
        #expect(isPoison(PostgresError(.decoding("not a day"))))
    }

    @Test func aWrongMasterKeyIsRetried() throws {
        let key = Data(repeating: 1, count: 32).base64EncodedString()
        let other = Data(repeating: 2, count: 32).base64EncodedString()
        let sealed = try Sealer(masterKey: key).seal("secret", context: "c")
        let error = #expect(throws: SealerError.self) {
            try Sealer(masterKey: other).open(sealed, context: "c")
        }
        #expect(Verdict(try #require(error)) == .retry)
    }

    @Test func anUnknownOutcomeIsRetriedAndIsNotPoison() {
        let lost = PostgresError(.connection("lost"))
        #expect(
            Verdict(
                PostgresTransactionError(
                    outcome: .unknown, body: nil, rollback: nil, commit: lost)) == .retry)
        #expect(
            Verdict(
                PostgresTransactionError(
                    outcome: .rolledBack, body: HandlerError(), rollback: lost, commit: nil))
                == .retry)
    }

    @Test func fencingCancellationKafkaErrorsAndPoisonHaveTheirVerdicts() {
        #expect(Verdict(FencedError(worker: "w", expected: 2, moved: 1)) == .fenced)
        #expect(Verdict(CancellationError()) == .retry)
        #expect(Verdict(KafkaError.closed("producer")) == .retry)
        let poison = Poison(reason: "r", error: "e")
        #expect(Verdict(poison) == .poison(poison))
        #expect(isPoison(HandlerError()))
    }
}

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

    @Test(arguments: ["40001", "40P01", "57P01", "57014", "53300", "08006", "25006", "55P03"])
    func aTransientServerErrorIsRetried(state: String) {
        #expect(Verdict(server(state)) == .retry)
    }

    @Test(arguments: ["22012", "22003", "23505", "23514", "42601", "P0001"])
    func anErrorOfTheStatementItselfBreaksTheHandler(state: String) {
        #expect(isPoison(server(state)))
    }

    @Test func aConnectionIsNeverTheRecordsFault() {
        for kind in [
            PostgresError.Kind.connection("lost"), .protocolBroken("odd"), .closed("pool"),
        ] {
            #expect(Verdict(PostgresError(kind)) == .retry)
        }
        #expect(isPoison(PostgresError(.decoding("not a day"))))
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

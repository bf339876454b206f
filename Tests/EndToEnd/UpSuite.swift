import Foundation
import TestStack
import Testing

extension OutsideTests {
    /// Against one `tally up --no-play` for all tests of the suite.
    @Suite("tally up", .serialized, StackUp()) struct UpSuite {
        let stack: RunningStack

        init() throws { stack = try RunningStack.current() }

        @Test(arguments: ["/healthz", "/readyz", "/metrics"])
        func operationsAnswer(path: String) async throws {
            let answer = try await stack.client.get(path)
            #expect(answer.status == 200)
            #expect(answer.type.hasPrefix("text/plain"))
            #expect(!answer.body.isEmpty)
        }

        @Test func whatIsNotThereIsAProblem() async throws {
            let answer = try await stack.client.get("/v1/nothing")
            #expect(answer.isProblem(404, "not_found"), "\(answer)")
        }

        @Test func auditHolds() async throws {
            let ending = try await stack.tally("audit")
            #expect(ending.status == 0, "\(ending.output)\(ending.errors)")
            #expect(ending.output == "ok\n")
        }

        @Test func usageErrorsExitWithTwo() async throws {
            let ending = try await stack.tally("audit", "--nonsense")
            #expect(ending.status == 2)
            #expect(ending.errors.contains("--nonsense"))
            #expect(ending.output.isEmpty)
        }

        @Test func lagAndTopicsAreShown() async throws {
            #expect(try await stack.tally("topics", "diff").status == 0)
            let lag = try await stack.tally("lag", "--json")
            #expect(lag.status == 0, "\(lag.errors)")
        }
    }
}

import HTTPTypes
import Testing

@testable import Gateway

@Suite struct RequestBodyTests {
    @Test func aBodyUpToTheLimitIsReadAndALargerOneIs413() async throws {
        let whole = [UInt8](repeating: 7, count: 65_536)
        let read = try await RequestBody.bytes(of: TestGateway.request(.post, "/", whole))
        #expect(read == whole)
        await #expect(throws: Problem.bodyTooLarge) {
            try await RequestBody.bytes(of: TestGateway.request(.post, "/", whole + [7]))
        }
        #expect(Problem.bodyTooLarge.status == 413)
    }
}

import Synchronization
import TestWaiting
import Testing

@testable import WorkerRuntime

@Suite(.timeLimit(.minutes(1))) struct RecentValueTests {
    private struct Failure: Error {}

    @Test func manyWhoRequestItAtOnceCauseOneSearch() async throws {
        let searches = Mutex(0)
        let mayEnd = AsyncStream<Void>.makeStream()
        let value = RecentValue(maximumAge: .seconds(3_600)) {
            for await _ in mayEnd.stream { break }
            return searches.withLock { count in
                count += 1
                return count
            }
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await value.current() } }
            mayEnd.continuation.yield()
            for try await found in group { #expect(found == 1) }
        }
        #expect(try await value.current() == 1)
    }

    @Test func anOldValueIsFoundAgainAndAFailureIsNotKept() async throws {
        let searches = Mutex(0)
        let value = RecentValue(maximumAge: .zero) {
            let number = searches.withLock { count in
                count += 1
                return count
            }
            if number == 1 { throw Failure() }
            return number
        }
        await #expect(throws: Failure.self) { _ = try await value.current() }
        #expect(try await value.current() == 2)
        #expect(try await value.current() == 3)
    }
}

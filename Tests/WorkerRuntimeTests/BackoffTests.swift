import Testing
import WorkerRuntime

@Suite struct BackoffTests {
    @Test func pausesDoubleWithinTheirBoundsAndStayAtTheCeiling() {
        for _ in 0..<200 {
            var backoff = Backoff()
            for failure in 0..<20 {
                let ceiling = min(5_000, 50 << min(failure, 7))
                let pause = backoff.next()
                #expect(pause >= .milliseconds(ceiling / 2))
                #expect(pause <= .milliseconds(ceiling))
            }
            backoff.reset()
            #expect(backoff.next() <= .milliseconds(50))
        }
    }

    @Test func pausesOfManyWorkersDiffer() {
        let pauses = (0..<50).map { _ in
            var backoff = Backoff()
            for _ in 0..<8 { _ = backoff.next() }
            return backoff.next()
        }
        #expect(Set(pauses).count > 10)
    }
}

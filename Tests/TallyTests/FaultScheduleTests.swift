import Payments
import Sandbox
import Simulator
import Testing

@Suite struct FaultScheduleTests {
    private func plan() throws -> DayPlan {
        DayPlan.make(
            seed: 5, submissions: 300, day: try #require(BusinessDay("2026-11-20")),
            parties: SampleParties.make(seed: 5))
    }

    @Test func aDayHasEachFault() throws {
        let plan = try plan()
        let counts = FaultSchedule(plan).counts(until: plan.end)
        #expect(counts.map(\.fault) == FaultCase.allCases)
        let byFault = Dictionary(uniqueKeysWithValues: counts.map { ($0.fault, $0.count) })
        #expect(byFault[.callbackLost] == plan.count(of: .notificationLost))
        #expect(byFault[.repeated] == plan.count(of: .repeated))
        #expect(
            byFault[.badSignature] == plan.count(of: .badSignature)
                + plan.count(of: .staleTimestamp) + plan.count(of: .unknownKeyVersion))
    }

    @Test func aFaultCountsFromItsTimeOn() throws {
        let plan = try plan()
        let schedule = FaultSchedule(plan)
        #expect(schedule.counts(until: plan.day.start).isEmpty)
        let first = try #require(schedule.faults.first)
        #expect(schedule.counts(until: first.at).map(\.count).reduce(0, +) >= 1)
        #expect(schedule.counts(until: first.at.adding(seconds: -1)).isEmpty)
    }
}

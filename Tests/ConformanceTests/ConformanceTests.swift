import Channels
import Payments
import Testing

/// What every payment channel does, whatever its protocol.
@Suite struct ConformanceTests {
    @Test(arguments: Subject.allCases)
    func payHandleIsDeterministic(subject: Subject) async throws {
        let test = try await subject.start()
        let request = test.request("T1")
        let now = test.clock.now()
        let handle = try test.channel.payHandle(for: request, now: now)
        #expect(handle.url != nil)
        #expect(try test.channel.payHandle(for: request, now: now) == handle)
        #expect(try test.channel.payHandle(for: test.request("T2"), now: now) != handle)
    }

    @Test(arguments: Subject.allCases)
    func anOrderThatNobodyOpenedIsNotFound(subject: Subject) async throws {
        let test = try await subject.start()
        let (answer, observation) = try await test.query("T1")
        guard case .refused = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(observation?.kind == .notFound)
        #expect(observation?.orderNo == "T1")
    }

    @Test(arguments: Subject.allCases)
    func aQueryFollowsTheOrder(subject: Subject) async throws {
        let test = try await subject.start()
        try await test.open("T1")
        #expect(try await test.query("T1").1?.kind == .waiting)
        _ = try await test.pay("T1", foreignAppFirst: false)
        let (answer, paid) = try await test.query("T1")
        #expect(answer.outcome == .done)
        #expect(paid?.kind == .paid)
        #expect(paid?.amount == Subject.amount)
        #expect(paid?.tradeNo?.isEmpty == false)
    }

    @Test(arguments: Subject.allCases)
    func anUnpaidOrderIsClosed(subject: Subject) async throws {
        let test = try await subject.start()
        try await test.open("T1")
        let answer = try await test.channel.close(orderNo: "T1", now: test.clock.now())
        #expect(answer.outcome == .done)
        #expect(try test.observation(of: answer, "T1")?.kind == .closed)
        #expect(try await test.query("T1").1?.kind == .closed)
    }

    @Test(arguments: Subject.allCases)
    func aPaidOrderIsNotClosed(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        let answer = try await test.channel.close(orderNo: "T1", now: test.clock.now())
        guard case .refused = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(try test.observation(of: answer, "T1") == nil)
        #expect(try await test.query("T1").1?.kind == .paid)
    }

    @Test(arguments: Subject.allCases)
    func aRefundNumberMovesMoneyOnce(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        let first = try await test.refund("T1", "R1", 3_000)
        #expect(first.outcome == .done)
        _ = try await test.refund("T1", "R1", 3_000)
        let second = try await test.refund("T1", "R2", 2_000)
        #expect(try cumulative(of: second, test, "R2") == Money(fen: 5_000))
    }

    @Test(arguments: Subject.allCases)
    func anotherAmountUnderAUsedRefundNumberIsRefused(subject: Subject) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        _ = try await test.refund("T1", "R1", 3_000)
        let answer = try await test.refund("T1", "R1", 4_000)
        guard case .refused = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(try test.observation(of: answer, "T1", refundNo: "R1") == nil)
    }

    @Test(arguments: Subject.allCases, FaultyTransport.Fault.allCases)
    func aLostAnswerIsAnUnknownOutcome(
        subject: Subject, fault: FaultyTransport.Fault
    ) async throws {
        let test = try await subject.start()
        _ = try await test.paid("T1")
        let calls: [() async throws -> ChannelAnswer] = [
            { try await test.channel.query(orderNo: "T1", now: test.clock.now()) },
            { try await test.channel.close(orderNo: "T1", now: test.clock.now()) },
            { try await test.refund("T1", "R1", 3_000) },
            {
                try await test.channel.queryRefund(
                    orderNo: "T1", refundNo: "R1", now: test.clock.now())
            },
        ]
        for (index, call) in calls.enumerated() {
            test.network.failNext(fault)
            do {
                _ = try await call()
                Issue.record("call \(index) has an answer")
            } catch let error as ChannelError {
                guard case .unknownOutcome = error else {
                    Issue.record("call \(index): \(error)")
                    continue
                }
                #expect(error.isTransient)
            }
        }
        // Repeated under its number, the refund has moved money once.
        _ = try await test.refund("T1", "R1", 3_000)
        let next = try await test.refund("T1", "R2", 1_000)
        #expect(try cumulative(of: next, test, "R2") == Money(fen: 4_000))
    }

    private func cumulative(
        of answer: ChannelAnswer, _ test: any ChannelUnderTest, _ refundNo: String
    ) throws -> Money? {
        let observation = try test.observation(of: answer, "T1", refundNo: refundNo)
        guard case .refunded(_, _, let cumulative) = observation?.kind else { return nil }
        return cumulative
    }
}

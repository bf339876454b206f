import Events
import Payments
import Testing
import WorkerRuntime

@testable import Gateway

@Suite struct PendingRepliesTests {
    private let key = PendingReplies.CorrelationKey.order("T1")
    private let longWait = Duration.seconds(60)

    private func change() -> PendingReplies.Reply {
        let now = Timestamp(microseconds: 1_790_000_000_000_000)
        return .changed(
            OrderChanged(
                envelope: OrderChanged.envelope(.closed, at: now),
                orderNo: "T1", merchantNo: "M1", merchantOrderNo: "m1", product: .pc,
                amountFen: Money(fen: 1), refundedFen: .zero, status: .closed, version: 2,
                late: false))
    }

    @Test func aReplyThatComesBeforeSendingHasEndedIsNotMissed() async throws {
        let pending = PendingReplies(limit: 1)
        let (sent, reply) = try await pending.reply(to: key, within: longWait) {
            await pending.resolve(key, with: change())
            return 7
        }
        #expect(sent == 7)
        #expect(reply != nil)
        #expect(await pending.count == 0)
    }

    @Test func everyRequestOfAKeyGetsTheReply() async throws {
        let pending = PendingReplies(limit: 2)
        // The inner request ends with its reply while the outer has only registered.
        async let outer = pending.reply(to: key, within: longWait) {
            _ = try await pending.reply(to: key, within: longWait) {
                await pending.resolve(key, with: change())
            }
        }
        #expect(try await outer.1 != nil)
        #expect(await pending.count == 0)
    }

    @Test func aReplyWithoutARegisteredKeyIsNotKept() async throws {
        let pending = PendingReplies(limit: 1)
        await pending.resolve(key, with: change())
        let (_, reply) = try await pending.reply(to: key, within: .milliseconds(1)) {}
        #expect(reply == nil)
    }

    @Test func aReplyToAnotherKeyIsNotThisRequests() async throws {
        let pending = PendingReplies(limit: 1)
        let (_, reply) = try await pending.reply(to: key, within: .milliseconds(1)) {
            await pending.resolve(.order("T2"), with: change())
        }
        #expect(reply == nil)
    }

    @Test func aRequestThatFailsOrExpectsNoReplyIsUnregistered() async throws {
        struct Broken: Error {}
        let pending = PendingReplies(limit: 1)
        await #expect(throws: Broken.self) {
            try await pending.reply(to: key, within: longWait) { throw Broken() }
        }
        let (_, reply) = try await pending.reply(
            to: key, within: longWait, where: { !$0 }, sending: { true })
        #expect(reply == nil)
        #expect(await pending.count == 0)
    }

    @Test func beyondTheLimitNothingIsSent() async throws {
        let pending = PendingReplies(limit: 1)
        _ = try await pending.reply(to: key, within: .milliseconds(1)) {
            await #expect(throws: Problem.tooBusy) {
                try await pending.reply(to: key, within: longWait) {
                    Issue.record("it was sent")
                }
            }
        }
    }

    // MARK: One party can't fill the gateway

    @Test func onePartyWaitsWithItsShareAndLeavesTheRestToOthers() async throws {
        let pending = PendingReplies(limit: 10, perCaller: 2)
        @Sendable func wait(_ caller: Caller, _ inner: @escaping @Sendable () async throws -> Void)
            async throws
        {
            _ = try await pending.reply(
                to: key, within: .zero, for: caller, where: { false }, sending: inner)
        }
        try await wait(.party("M1")) {
            try await wait(.party("M1")) {
                await #expect(throws: Problem.tooBusy) { try await wait(.party("M1")) {} }
                try await wait(.party("M2")) {}
            }
            // One of the two has ended.
            try await wait(.party("M1")) {}
        }
        #expect(await pending.count == 0)
    }

    @Test func whoHasNotProvenToBeAPartyHasHalfOfTheRoom() async throws {
        let pending = PendingReplies(limit: 4)
        @Sendable func stranger(_ number: Int) -> Caller {
            .unproven(partyNo: "M1", address: AddressBytes("203.0.113.\(number)"))
        }
        @Sendable func wait(_ caller: Caller, _ inner: @escaping @Sendable () async throws -> Void)
            async throws
        {
            _ = try await pending.reply(
                to: key, within: .zero, for: caller, where: { false }, sending: inner)
        }
        try await wait(stranger(1)) {
            try await wait(stranger(2)) {
                await #expect(throws: Problem.tooBusy) { try await wait(stranger(3)) {} }
                try await wait(.party("M1")) {}
            }
        }
        #expect(await pending.count == 0)
    }
}

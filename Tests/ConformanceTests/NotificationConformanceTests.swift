import Channels
import Payments
import TestRandom
import Testing

@Suite struct NotificationConformanceTests {
    @Test(arguments: Subject.allCases)
    func aNotificationSaysWhatWasPaidToWhom(subject: Subject) async throws {
        let test = try await subject.start()
        let bodies = try await test.paid("T1")
        #expect(bodies.count == 1)
        let observation = try test.channel.observation(
            ofNotification: try #require(bodies.first))
        #expect(observation.kind == .paid)
        #expect(observation.orderNo == "T1")
        #expect(observation.amount == Subject.amount)
        #expect(observation.appID == test.channel.account.appID)
        #expect(observation.sellerID == test.channel.account.sellerID)
        #expect(observation.at == test.clock.now())
    }

    @Test(arguments: Subject.allCases)
    func aForgedOrUnsignedNotificationIsRefused(subject: Subject) async throws {
        let test = try await subject.start()
        let genuine = try #require(try await test.paid("T1").first)
        let forged = try await test.forgedNotification(orderNo: "T1")
        #expect(throws: ChannelMessageError.badSignature) {
            try test.channel.observation(ofNotification: forged)
        }
        let unsigned = try test.unsigned(genuine)
        #expect(throws: ChannelMessageError.unsigned) {
            try test.channel.observation(ofNotification: unsigned)
        }
        #expect(throws: ChannelMessageError.self) {
            try test.channel.observation(ofNotification: [])
        }
    }

    @Test(arguments: Subject.allCases)
    func aChangedNotificationIsRefusedOrSaysTheSame(subject: Subject) async throws {
        let test = try await subject.start()
        let genuine = try #require(try await test.paid("T1").first)
        let right = try test.channel.observation(ofNotification: genuine)
        let seed = SplitMix64.seedFromEnvironment()
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            var changed = genuine
            let index = Int.random(in: changed.indices, using: &random)
            changed[index] = UInt8.random(in: 0...255, using: &random)
            let seen = try? test.channel.observation(ofNotification: changed)
            #expect(seen == nil || seen == right, "SEED=\(seed)")
        }
    }

    /// Genuine for the channel: the order refuses it, and the record becomes a dead letter.
    @Test(arguments: Subject.allCases)
    func aNotificationForAnotherAppIsRefusedByTheOrder(subject: Subject) async throws {
        let test = try await subject.start()
        try await test.open("T1")
        let bodies = try await test.pay("T1", foreignAppFirst: true)
        try #require(bodies.count == 2)
        let foreign = try test.channel.observation(ofNotification: bodies[0])
        let expected = ExpectedOrder(
            orderNo: "T1", amount: Subject.amount, appID: test.channel.account.appID,
            sellerID: test.channel.account.sellerID, expiresAt: test.request("T1").expiresAt)
        let state = OrderState(amount: Subject.amount)
        let now = test.clock.now()
        guard
            case .mismatch(.app) = state.applying(
                foreign, from: .notification, expected: expected, now: now)
        else {
            Issue.record("the order accepted \(foreign)")
            return
        }
        let own = try test.channel.observation(ofNotification: bodies[1])
        guard
            case .changed(let paid, _) = state.applying(
                own, from: .notification, expected: expected, now: now)
        else {
            Issue.record("the order refused \(own)")
            return
        }
        #expect(paid.status == .paid)
    }

    @Test(arguments: Subject.allCases)
    func theOrderOfAStoredMessageIsReadWithoutVerification(subject: Subject) async throws {
        let test = try await subject.start()
        let forged = try await test.forgedNotification(orderNo: "T7")
        #expect(test.channel.claimedOrderNo(ofNotification: forged) == "T7")
        #expect(test.channel.claimedOrderNo(ofNotification: [0xFF, 0x00]) == nil)
    }

    @Test(arguments: Subject.allCases)
    func theTwoRepliesDiffer(subject: Subject) async throws {
        let replies = try await subject.start().channel.notificationReplies
        #expect(!replies.acknowledged.isEmpty)
        #expect(replies.acknowledged != replies.refused)
        #expect(!replies.contentType.isEmpty)
    }
}

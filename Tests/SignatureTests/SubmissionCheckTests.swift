import Channels
import Events
import Kafka
import Payments
import Testing

@testable import Signature
@testable import Store

@Suite struct SubmissionCheckTests {
    private let now = SignedOrder.signedAt

    private func decide(
        _ order: SignedOrder, _ parties: TestParties, now: Timestamp? = nil,
        verifiedWith earlier: TestParties? = nil, headers: [KafkaHeader] = [],
        replayed: Set<EventID> = []
    ) throws -> SubmissionCheck.Decision {
        let submission = try order.submission(headers: headers)
        let check = SubmissionCheck(
            of: [submission], parties: try parties.snapshot(), account: .test,
            now: now ?? self.now, replayed: replayed)
        let signatures = try earlier.map {
            SignatureCheck(parties: try $0.snapshot()).outcome(of: submission.event.order)
        }
        return check.decide(
            CheckedSubmission(submission: submission, signatures: signatures),
            eventID: .make(at: self.now))
    }

    private func refusal(
        _ order: SignedOrder, _ parties: TestParties, verifiedWith earlier: TestParties? = nil
    ) throws -> Refusal? {
        switch try decide(order, parties, verifiedWith: earlier) {
        case .accept: nil
        case .refuse(let refusal): refusal
        }
    }

    private func accepted(
        _ order: SignedOrder, _ parties: TestParties, now: Timestamp? = nil
    ) throws -> NewOrder {
        switch try decide(order, parties, now: now) {
        case .accept(let order): return order
        case .refuse(let refusal): throw refusal
        }
    }

    // MARK: The timestamp's window

    @Test(arguments: [-600, -599, -1, 0, 1, 599, 600] as [Int64])
    func aTimestampWithinTenMinutesIsAccepted(seconds: Int64) throws {
        var order = try SignedOrder()
        order.receivedAt = now.adding(seconds: seconds)
        #expect(try refusal(order, TestParties()) == nil)
    }

    @Test(arguments: [-86_400, -660, -650, -601, 601, 650, 660, 86_400] as [Int64])
    func aTimestampMoreThanTenMinutesOffIsRefused(seconds: Int64) throws {
        var order = try SignedOrder()
        order.receivedAt = now.adding(seconds: seconds)
        let refusal = try #require(try refusal(order, TestParties()))
        #expect(refusal == .timestampOff(by: seconds))
        #expect(refusal.httpStatus == 401)
    }

    @Test func theTimeOfReceiptCountsAndNotThatOfTheDecision() throws {
        // A backlog of a day doesn't make good orders stale.
        let order = try accepted(
            SignedOrder(), TestParties(), now: now.adding(seconds: 86_400))
        #expect(order.acceptedAt == now.adding(seconds: 86_400))
    }

    // MARK: The time of receipt, which the publisher of the record writes

    @Test(arguments: [-86_400, -601, 601, 3_600, 400_000_000] as [Int64])
    func aTimeOfReceiptThatIsNotTheRecordsIsRefused(seconds: Int64) throws {
        // The timestamp is signed, and fits the time of receipt that was made up for it.
        var order = try SignedOrder()
        order.recordedAt = now.adding(seconds: -seconds)
        let decision = try decide(
            order, TestParties(), now: now.adding(seconds: -seconds))
        guard case .refuse(let refusal) = decision else {
            Issue.record("it was accepted")
            return
        }
        #expect(refusal == .receiptOff(by: seconds))
        #expect(refusal.code == "received_at_out_of_window")
        #expect(!refusal.isAuthenticated(for: "M1"))
    }

    @Test(arguments: [-86_400, 0, 86_400] as [Int64])
    func aWorkersOwnClockMakesNoRecordLateOrEarly(seconds: Int64) throws {
        _ = try accepted(SignedOrder(), TestParties(), now: now.adding(seconds: seconds))
    }

    @Test func aRecordThatAnOperatorReplayedKeepsItsTimeOfReceipt() throws {
        let id = EventID.make(at: now)
        let header = KafkaHeader(name: "replayed-from", value: Array("\(id)".utf8))
        let later = now.adding(seconds: 86_400)
        var order = try SignedOrder()
        order.recordedAt = later
        func isAccepted(_ replayed: Set<EventID>) throws -> Bool {
            let decision = try decide(
                order, TestParties(), now: later, headers: [header], replayed: replayed)
            if case .accept = decision { return true } else { return false }
        }
        #expect(try isAccepted([id]))
        // The header alone proves nothing.
        #expect(try !isAccepted([]))
        #expect(try !isAccepted([.make(at: now)]))
    }

    // MARK: The parties

    @Test func aMerchantThatIsNotActiveIsRefused() throws {
        // Suspended itself, or an agent above it: the directory says so in one flag.
        var parties = try TestParties()
        parties.isMerchantActive = false
        let refusal = try #require(try refusal(SignedOrder(), parties))
        #expect(refusal == .inactive("M1"))
        #expect(refusal.httpStatus == 403)
    }

    @Test func aBadSignatureIsRefusedBeforeTheRest() throws {
        var parties = try TestParties()
        parties.isMerchantActive = false
        var order = try SignedOrder()
        order.fields["amount_fen"] = .integer(1)
        order.receivedAt = now.adding(seconds: 5_000)
        #expect(try refusal(order, parties) == .badSignature(of: "M1"))
    }

    @Test func anUnknownMerchantIsRefused() throws {
        let order = try SignedOrder(changing: ["merchant_no": .text("M9")])
        #expect(try refusal(order, TestParties()) == .unknownMerchant("M9"))
    }

    // MARK: Signatures verified beforehand

    @Test func signaturesAreVerifiedHereWhereTheyWereNotBefore() throws {
        var order = try SignedOrder()
        #expect(try refusal(order, TestParties(), verifiedWith: nil) == nil)
        order.fields["amount_fen"] = .integer(1)
        #expect(
            try refusal(order, TestParties(), verifiedWith: nil) == .badSignature(of: "M1"))
    }

    @Test func aKeyRevokedAfterVerifyingIsRefused() throws {
        let before = try TestParties()
        var after = before
        after.version = 2
        after.keys["M1"] = []
        #expect(
            try refusal(SignedOrder(), after, verifiedWith: before)
                == .unknownKey("M1", .md5, 1))
    }

    @Test func aKeyAddedAfterVerifyingIsAccepted() throws {
        let after = try TestParties()
        var before = after
        before.version = 0
        before.keys["M1"] = []
        #expect(try refusal(SignedOrder(), after, verifiedWith: before) == nil)
    }

    @Test func anAgentSignatureRequiredAfterVerifyingIsMissed() throws {
        let before = try TestParties()
        var after = before
        after.version = 2
        after.requiresAgentSignatures = true
        #expect(
            try refusal(SignedOrder(), after, verifiedWith: before)
                == .agentSignatureMissing("A2"))
    }

    @Test func anOutcomeOfTheSameVersionHoldsInBothDirections() throws {
        var order = try SignedOrder()
        #expect(try refusal(order, TestParties(), verifiedWith: TestParties()) == nil)
        order.fields["amount_fen"] = .integer(1)
        #expect(
            try refusal(order, TestParties(), verifiedWith: TestParties())
                == .badSignature(of: "M1"))
    }

    // MARK: What is accepted

    @Test func theChainInForceIsCopiedIntoTheOrder() throws {
        let order = try accepted(SignedOrder(), TestParties())
        #expect(order.orderNo == "T1")
        #expect(order.route.chain.levels.map(\.partyNo) == ["A1", "A2"])
        #expect(order.route.chain.rates.map(\.ppm) == [2_000, 3_000, 4_000, 6_000])
        #expect(order.route.platformNo == "P0")
        #expect(order.route.sellerID == ChannelAccount.test.sellerID)
        // 98.50 yuan at 0.6 %, 0.2 %, and the shares between the rates.
        #expect(order.split.merchantFee == Money(fen: 59))
        #expect(order.split.channelFee == Money(fen: 20))
        #expect(
            order.split.channelFee + order.split.agentShare + order.split.platformShare
                == order.split.merchantFee)
    }

    @Test func anOrderExpiresAfterTwoHoursOrAsItsMerchantSays() throws {
        let standard = try accepted(SignedOrder(), TestParties())
        #expect(standard.expiresAt == now.adding(seconds: 7_200))
        let short = try accepted(
            SignedOrder(changing: ["expires_in_seconds": .integer(60)]), TestParties())
        #expect(short.expiresAt == now.adding(seconds: 60))
        #expect(short.firstInquiryAt == now.adding(seconds: 30))
    }

    @Test func anOrderIsNeverAcceptedBeforeItWasReceived() throws {
        let order = try accepted(SignedOrder(), TestParties(), now: now.adding(seconds: -300))
        #expect(order.acceptedAt == now)
        #expect(order.expiresAt == now.adding(seconds: 7_200))
    }
}

extension ChannelAccount {
    /// The payee of these tests.
    static let test = ChannelAccount(
        channel: "test", appID: "app-1", sellerID: "seller-1", billAccount: nil)
}

import Events
import Foundation
import Payments
import Postgres
import TestApplications
import Testing

@testable import Store

/// One of every statement of the store, with parameters that fit `Shop`'s rows.
enum AllStatements {
    static func make() throws -> [any PostgresStatement] {
        try runtime + parties + users + orders() + reads + leases + statements() + ledger()
            + reports() + resolutions() + applications()
    }

    private static let now = Shop.noon
    private static let day = Shop.day
    private static var envelope: Envelope {
        OrderRejected.envelope(at: now)
    }

    private static func applications() throws -> [any PostgresStatement] {
        let form = try SampleApplication.form()
        let entry = EntryColumns(
            applicationNo: "AP1", kind: .merchant, parentNo: "A1", login: "l.l", form: form,
            now: now)
        let job = ClaimApplications.Row(
            applicationNo: "AP1", version: 1, step: .blacklist, attempt: 1, parentNo: "A1")
        let application = ApplicationRow(
            applicationNo: "AP1", kind: .merchant, parentNo: "A1", name: "n", shortName: "n",
            login: "l.l", status: .inReview, step: nil, version: 1, blacklist: nil,
            blacklistAt: nil, refusal: nil, refusedFields: [], partyNo: nil,
            channelMerchantNo: nil, enteredAt: now, changedAt: now, nextAttemptAt: nil,
            attempt: 0, enteredBy: "l", enteredByNo: "U1")
        let image = try DocumentImage(.license, [0xFF, 0xD8, 0xFF])
        return [
            ApplicationByNo("AP1"), LockApplication("AP1"), ApplicationList(limit: 1),
            ApplicationFormOf("AP1", version: 1),
            ApplicationImagesOf("AP1", version: 1, readsContent: true),
            ApplicationHistory("AP1"), NextApplicationNo(now: now), NextPartyNo(kind: .agent),
            LoginIsTaken(login: "l.l", applicationNo: "AP1"),
            SameCompany(kind: .merchant, form: form, applicationNo: "AP1"),
            InsertApplication(entry: entry), RestartApplication(entry: entry),
            InsertApplicationVersion(
                applicationNo: "AP1", version: 1, formSealed: [1], userNo: "U1", now: now),
            InsertApplicationImage(
                applicationNo: "AP1", version: 1, image: image, contentSealed: [1]),
            KeepApplicationImages(applicationNo: "AP1", version: 2),
            InsertApplicationDecision(
                application: application, userNo: "U1", isApproved: true, note: "", now: now),
            MoveApplication(applicationNo: "AP1", to: .toReview, now: now),
            ScheduleApplications(["AP1"], now: now), ClaimApplications(limit: 1, now: now),
            CompleteApplicationStep(
                job, StepOutcome(.toReview, answer: "a"), nextAt: now, now: now),
            SetChannelImageNo(job, .license, channelImageNo: "i"),
            SetChannelMerchantNo(partyNo: "M1", channelMerchantNo: "2088"),
        ]
    }

    private static var users: [any PostgresStatement] {
        [
            AllUsers(), UserByLogin("l"), MerchantsOfSubtree("A1"), KindOfParty("M1"),
            LockUsers(),
            InsertUser(
                userNo: "U1", login: "li.wei", role: .merchant, partyNo: "M1", passwordHash: "h",
                rule: .first, actor: "a", now: now),
            SetPassword(
                userNo: "U1", hash: "h", isTemporary: true, forgetsCodes: true, actor: "a",
                now: now),
            DisableUser(userNo: "U1", actor: "a", now: now),
            BeginSignInAttempt(login: "l", now: now),
            EndSignInAttempts(userNo: "U1", login: "l", remoteIP: nil, now: now),
            UseCodeStep(userNo: "U1", step: 1), EnrolForCodes(userNo: "U1", secretSealed: [1]),
            StartSession(
                tokenHash: [UInt8](repeating: 1, count: 32), replacing: nil, userNo: "U1",
                stage: .complete, formToken: "f", remoteIP: nil, userAgent: "u", now: now),
            SeeSession(tokenHash: [1], now: now), EndSession(tokenHash: [1]),
            NewestOrders(before: nil, limit: 1),
            NewestOrdersOfMerchants(["M1"], before: nil, limit: 1), OrdersOfNumber("T1", limit: 1),
            NewestDays(limit: 1), SettlementsOfDay(day: day),
        ]
    }

    private static var runtime: [any PostgresStatement] {
        let event = OutgoingEvent(topic: "t", key: nil, value: [1], headers: [])
        let deadLetter = DeadLetter(
            id: .make(at: now), worker: "w", originTopic: "t", originPartition: 0,
            originOffset: 0, key: nil, value: [1], headers: [], reason: "r", error: "e",
            replayCount: 0)
        let page = DeadLetterPage(
            DeadLetterFilter(topic: "t", reasons: ["r"], key: [1], since: now), limit: 1)
        return [
            HasMigrationTable(), AppliedMigrations(), RecordMigration(name: "n", checksum: "c"),
            StoredOffsets(worker: "w"), AllStoredOffsets(),
            EnsureOffsets(worker: "w", topics: ["t"], partitions: [0]),
            MoveOffsets(
                worker: "w", moves: [.init(topic: "t", partition: 0, seen: 0, next: 1)]),
            AddToOutbox(worker: "w", sources: ["t/0"], events: [event]),
            LeftoverOutbox(worker: "w", sources: ["t/0"], after: 0),
            StoreConsecutivePoison(
                worker: "w", runs: [.init(topic: "t", partition: 0, length: 1)]),
            StoreTopicIDs(worker: "w", topics: ["t"], ids: ["i"]),
            PausePartitions(
                worker: "w",
                pauses: [
                    .init(
                        topic: "t", partition: 0, offset: 1, reason: .poisonLimit, detail: "d")
                ]),
            PausedPartitions(),
            ReleasePartition(worker: "w", topic: "t", partition: 0, actor: "a", now: now),
            ClaimOutboxRelay(worker: "w", holder: UUID()),
            EndOutboxRelay(worker: "w", holder: UUID()), CheckConstraints(),
            StaleOutbox(worker: "w", olderThanSeconds: 0), DeleteFromOutbox(ids: [1]),
            AddDeadLetters([deadLetter], now: now),
            TakeForReplay([deadLetter.id], largest: 9, actor: "a", now: now),
            DiscardDeadLetters([deadLetter.id], actor: "a", because: nil, now: now),
            DeadLettersOfStatus(page: page), DeadLettersOfKind(page: page),
            DeadLettersOfKey(page: page, key: [1]), DeadLettersByID([deadLetter.id]),
            DeadLetterRecordByID(deadLetter.id), CountDeadLetters(page.filter, limit: 1),
            AuditTrail(subject: "c"), OldestOutbox(worker: "w"), OldestUnresolvedOrder(),
            InstallationFact(name: "n"), SetInstallationFact(name: "n", value: "v"),
            UnfinishedWork(now: now),
            PutRefusedNotifications([
                RefusedNotification(
                    reason: "r", channel: "c", receivedAt: now, remoteIP: nil, orderNo: "T1",
                    detail: "d", count: 1, bodyStart: [0], bodyBytes: 1)
            ]), RefusedNotificationSamples(limit: 1),
            SealedCanary(), PutSealedCanary(sealed: [1]), AnySealedValue(),
        ]
    }

    private static var parties: [any PostgresStatement] {
        get throws {
            [
                PutParty(
                    partyNo: "A3", kind: .agent, parentNo: "P", name: "n", callbackURL: nil,
                    requiresAgentSignatures: true),
                PutRate(
                    partyNo: "M1", product: .pc, rate: try Rate(ppm: 6_000), effectiveFrom: now),
                PutSigningKey(
                    partyNo: "M1", keyVersion: 1, signType: .md5, secretSealed: [1],
                    publicKeyPEM: nil),
                PutSettlementCard(
                    partyNo: "M1", payeeNameSealed: [1], cardNoSealed: [2], cardNoMasked: "*"),
                DirectoryVersion(), PartiesWithAncestors(partyNos: ["M1"]),
                RatesOf(partyNos: ["M1"]), KeysOf(partyNos: ["M1"]),
            ]
        }
    }

    private static func orders() throws -> [any PostgresStatement] {
        let new = try Shop.newOrder("new")
        let split = try Shop.chain(of: "M1").split(Money(fen: 100))
        let locked = LockedOrder(
            orderNo: "open", merchantNo: "M1", merchantOrderNo: "open", product: .pc,
            notifyURL: nil, attach: nil, chainPartyNos: [], chainRates: [],
            state: OrderState(status: .closed, amount: Money(fen: 10_000), closedAt: now),
            version: 2,
            expected: ExpectedOrder(
                orderNo: "open", amount: Money(fen: 10_000), appID: "", sellerID: "",
                expiresAt: now), traceparent: nil)
        let rejection = OrderRejected(
            envelope: envelope, orderNo: "x", merchantNo: "M1", merchantOrderNo: "x", code: "c",
            detail: "d", httpStatus: 400, submissionID: .make(at: now))
        let delivery = InsertDeliveries.New(
            id: .make(at: now), eventID: .make(at: now), orderNo: "a", partyNo: "M1",
            eventType: "e", refundNo: "", url: "u", receiver: "r")
        let entry = InsertOrderEvents.Entry(
            orderNo: "a", version: 9, eventID: .make(at: now), eventType: "e",
            origin: "channel", detail: "", at: now)
        return [
            InsertOrders([new]), FreeRejectionSlots(count: 1),
            InsertRejections([NewRejection(rejection, isAuthenticated: false)], slots: [7]),
            LastRejection(merchantNo: "M1", merchantOrderNo: "x"),
            ReplayedSubmissions([(id: .make(at: now), value: [1])]),
            UsedNumbers([new]),
            LockOrders(["a", "open"]), UpdateOrders([.init(order: locked, net: split)]),
            InsertOrderEvents([entry], now: now), InsertDeliveries([delivery], now: now),
            CompleteDeliveries([
                .init(
                    id: .make(at: now), attempt: 1, outcome: .acknowledged, httpStatus: 200,
                    error: nil, milliseconds: 1, endedAt: now)
            ]),
            ReturnDelivery(id: .make(at: now), attempt: 1),
            RecordKeyUse([.init(partyNo: "M1", signType: .md5, version: 1)], now: now),
            AddPlatformKey(
                version: 9, privateKeySealed: [1], publicKeyPEM: "p", validFrom: now),
            ResendDeliveries([.make(at: now)], actor: "cli:a", because: nil, now: now),
            CompleteInquiry(
                orderNo: "open", attempt: 1, method: "m", answer: "a", nextAt: now,
                closeWasRequested: false, now: now),
            RequestClose(orderNo: "open", now: now),
            RequestRefund(
                refundNo: "r2", orderNo: "b", merchantNo: "M1", merchantRefundNo: "m",
                amount: Money(fen: 1), reason: "", now: now),
            CompleteRefunds([
                .init(
                    refundNo: "r3", orderNo: "b", merchantNo: "M1", amount: Money(fen: 100),
                    refundedBefore: .zero, reversal: split, at: now)
            ]),
            CompleteRefundAttempt(
                refundNo: "r", orderNo: "a", attempt: 1, answer: "a", nextAt: now, failure: nil,
                now: now),
            ReportRefunds([.init(orderNo: "a", refundNo: "c")], orderNos: ["a"], now: now),
            CompleteRefundReport(
                .init(id: 1, orderNo: "a", refundNo: "c", attempt: 1, traceparent: nil),
                answer: "a", nextAt: now, now: now),
            RequestLateRefunds(["a"], now: now),
        ]
    }

    private static var reads: [any PostgresStatement] {
        let deliveries = DeliveryPage(DeliveryFilter(orderNo: "a", partyNo: "M1"), limit: 1)
        return [
            ExistingOrders(merchantNos: ["M1"], merchantOrderNos: ["a"]),
            OrderByMerchantNo(merchantNo: "M1", merchantOrderNo: "a"), OrderByNo("a"),
            OrderSteps("a"), OrderFacts("a"),
            StuckOrders(overdueBefore: now, limit: 1), StuckRefunds(overdueBefore: now, limit: 1),
            DeliveriesOfOrder("a"), RefundsOfOrders(["a"]), PlatformKeyRows(),
            DeliveryPageOfOrder(page: deliveries), DeliveryPageOfParty(page: deliveries),
            ExhaustedDeliveryPage(page: deliveries), AnyDeliveryPage(page: deliveries),
            DeliveriesByID([.make(at: now)]), DeliveryAttempts(.make(at: now)),
            RefundByMerchantNo(merchantNo: "M1", merchantRefundNo: "m"),
            ReconciliationsOfDay(day: day), DifferencesOfDay(day: day), DayFigures(), DayMoney(),
            DayPayouts(), LiveCounts(), OutcomeCounts(), OrderStates(),
            OrderOutcomes([(merchantNo: "M1", merchantOrderNo: "a")]),
            PartyList(limit: 1), PathOfParty("M1"), RateHistory(["M1"]),
            RateConflicts(partyNo: "M1", product: .pc), KeyList("M1"),
            AddParty(
                PutParty(
                    partyNo: "N1", kind: .merchant, parentNo: "A1", name: "n", callbackURL: nil,
                    requiresAgentSignatures: false), actor: "a", now: now),
            SetPartyStatus(partyNo: "M1", isFrozen: true, actor: "a", reason: "", now: now),
            RevokeKey(partyNo: "M1", signType: .md5, version: 1, now: now),
            AddAuditEntry(actor: "a", action: "x", subject: "s", detail: "", now: now),
            KnownStatements(["s"]), PayoutsByNo(["P"]), PayoutsOfSettlements(["S"]),
            PayoutPage(status: "failed", merchantNo: "M1", before: "P", limit: 1),
            SettlementPage(day: day, merchantNo: "M1", before: "S", limit: 1),
            FeesOfOrders(["a"]), SettlementByID("S"), SettlementItems("S", limit: 1),
            LockPayout(payoutNo: "P"),
            AuditLedger(overdueBefore: now.adding(seconds: 86_400)),
        ]
    }

    private static var leases: [any PostgresStatement] {
        let later = now.adding(seconds: 86_400)
        return [
            ClaimDeliveries(
                limit: 1, rooms: ["r": .init(first: 0, beyond: 0, inFlight: 0)],
                roomOfOthers: 1, roomBeyond: 100, now: later),
            ClaimInquiries(limit: 1, now: later), ClaimRefunds(limit: 1, now: later),
            ClaimRefundReports(limit: 1, now: later),
            ClaimPayouts(limit: 1, now: later), ClaimStatementFetch(channel: "alipay", now: later),
        ]
    }

    private static func resolutions() throws -> [any PostgresStatement] {
        let user = User(
            userNo: "U1", login: "li", role: .finance, partyNo: nil, passwordHash: "h",
            isPasswordTemporary: false, codeSecretSealed: nil, lockedUntil: nil, isActive: true)
        let line = UnresolvedDifference(
            kind: .channelOnly, isRefund: false, platformAmount: nil, platformFee: nil,
            channelAmount: Money(fen: 1), channelFee: .zero, isEffective: false,
            isMatched: false, isSettled: false)
        let decision = DifferenceDecision(
            id: 1, action: .dismiss, reason: .rounding, comment: "", stake: .zero,
            adjustment: .zero, isApplied: false, madeBy: "U2", maker: "wang", madeAt: now,
            checker: nil)
        return [
            InsertResolution(
                try DifferenceResolution(.dismiss, of: line), of: 1, reason: .rounding,
                comment: "", limit: Money(fen: 1), isApplied: false, user: user, now: now),
            DecideResolution(
                decision, of: 1, isApproved: true, note: "", user: user, now: now),
        ]
    }

    private static func statements() throws -> [any PostgresStatement] {
        let lines = [try Shop.trade(1, "b")]
        let closed = Shop.closing("s2", day, lines)
        let completed = ReconciliationCompleted(
            envelope: envelope, reconciliationID: "R2", channel: "alipay", date: day,
            statementID: "s", matched: 0, platformOnly: 0, channelOnly: 0, amountMismatch: 0,
            statusMismatch: 0, feeMismatch: 0, duplicate: 0)
        return [
            InsertStatement(closed, sha256: [1], now: now),
            InsertStatementLines(statementIDs: ["s"], lines: lines),
            CompleteStatement(statementID: "s", now: now),
            SupersedeStatements(statementID: "s1", now: now),
            FindLineDifferences(statementID: "s", now: now), MatchOrders(statementID: "s"),
            MatchRefunds(statementID: "s"), FindPlatformOnly(statementID: "s", day: day, now: now),
            ResolveDifferences(statementID: "s", now: now),
            RevisitDifferences(day: day, escalateAfterDays: 3, now: now),
            InsertReconciliation(completed), ReverseResolutions(statementID: "s", now: now),
            LockStatementsOfDay(day: day), IsAccountOfOrders(channel: "alipay", account: "seller"),
            UnsettledMatches(statementID: "s"),
            DifferenceByID(1), LockDifference(1),
            ApplyResolution(1, matches: true, text: "t", now: now),
            PlanStatementFetch(channel: "alipay", day: day, firstAt: now),
            RequestStatementFetch(channel: "alipay", day: day, actor: "a", now: now),
            DifferencePage(
                day: day, status: "open", kind: "channel_only", before: 9, limit: 1),
            CompleteStatementFetch(
                channel: "alipay", day: day, attempt: 1, nextAt: nil, answer: "a"),
        ]
    }

    private static func ledger() throws -> [any PostgresStatement] {
        let payout = PayoutRequested(
            envelope: envelope, payoutNo: "P9", settlementID: "S9", merchantNo: "M1", date: day,
            amountFen: Money(fen: 1))
        return [
            SettleMatched(reconciliationID: "R-s", day: day, now: now), SettlementParts(["S"]),
            PostJournal(
                try Journal(
                    .settlement, reference: "x",
                    [
                        .init(.bank, Money(fen: 1)),
                        .init(.merchantPayable(partyNo: "M1"), Money(fen: -1)),
                    ]), now: now), InsertPayouts([payout], now: now),
            InsertReissue(payout, reissueOf: "P", actor: "a", reason: "r", now: now),
            PostponePayout(
                payoutNo: "P9", attempt: 1, status: "processing", bankRef: nil, reason: "r",
                nextAt: now),
            CompletePayout(
                payoutNo: "P9", attempt: 1, outcome: .succeeded, bankRef: "b", reason: nil,
                now: now),
        ]
    }

    private static func reports() throws -> [any PostgresStatement] {
        let days = try #require(ReportDays(from: day, to: day))
        return [
            ReportDifferences(days: days), ReportStatements(days: days),
            ReportSettlements(days: days, merchantNo: "M1"),
            ReportSettlementItems(days: days, merchantNo: "M1"),
            ReportShares(days: days, agentNo: "A1"),
            ReportShareItems(days: days, agentNo: "A1"), ReportFees(days: days),
            ReportBalances(endOf: day), ReportTurnover(days: days),
        ]
    }
}

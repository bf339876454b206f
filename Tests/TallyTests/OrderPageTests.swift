import Payments
import Sentences
import Testing

@testable import Store
@testable import tally

/// `tally orders show` and `stuck`: what a reader learns.
@Suite struct OrderPageTests {
    private static let accepted = Timestamp(microseconds: 1_795_140_930_000_000)
    private static let expiry = accepted.adding(seconds: 1_800)
    private static let next = accepted.adding(seconds: 60)

    private func order(
        _ status: OrderStatus, refunded: Int64 = 0, late: Bool = false, next: Timestamp? = nil
    ) -> OrderView {
        OrderView(
            orderNo: "T1", merchantNo: "M1", merchantOrderNo: "S1", product: .pc,
            amount: Money(fen: 10_000), subject: "tea", status: status,
            refunded: Money(fen: refunded), isLate: late, channelTradeNo: nil,
            acceptedAt: Self.accepted, expiresAt: Self.expiry,
            paidAt: status.isPaid ? Self.accepted : nil, closedAt: nil, nextInquiryAt: next,
            closeRequestedAt: nil, attach: nil, returnURL: nil, clientIP: nil, traceparent: nil)
    }

    private func reading(
        _ order: OrderView, _ facts: OrderFacts.Row = .init(), refunds: [RefundRow] = [],
        _ language: Language = .en
    ) -> OrderReading {
        OrderReading(
            order: order, facts: facts, refunds: refunds, deliveries: [], language: language)
    }

    @Test func everyStatusHasItsReasonAndItsHolderInBothLanguages() {
        let holders: [OrderStatus: OrderReading.Holder] = [
            .accepted: .payer, .paying: .payer, .paid: .channel, .partiallyRefunded: .channel,
            .refunded: .payer, .closed: .payer,
        ]
        for status in OrderStatus.allCases {
            for language in Language.allCases {
                let page = reading(order(status), .init(), refunds: [], language)
                #expect(page.money.holder == holders[status], "\(status)")
                #expect(!page.why.isEmpty && !page.state.isEmpty)
                let isChinese = page.why.unicodeScalars.contains {
                    (0x4E00...0x9FFF).contains($0.value)
                }
                #expect(isChinese == (language == .zh), "\(page.why)")
            }
        }
    }

    @Test func anOrderInProgressSaysWhenItIsQueriedAndWhenItEnds() {
        let page = reading(order(.accepted, next: Self.next))
        #expect(
            page.next == [
                "the channel is queried at \(Self.next.shanghai)",
                "unpaid at \(Self.expiry.shanghai), it is closed at the channel and then here",
            ])
    }

    @Test func aCloseThatCannotBeMadeYetSaysWhyAndUntilWhen() {
        let facts = OrderFacts.Row(closeRequestedAt: Self.accepted, lastAnswer: "NOT_EXIST")
        let page = reading(order(.accepted, next: Self.next), facts)
        #expect(page.why.contains("requested a close at \(Self.accepted.shanghai)"))
        #expect(page.why.contains("valid until \(Self.expiry.shanghai)"))
        #expect(page.why.contains("NOT_EXIST"))
        #expect(page.next.first == "the channel is requested to close it at \(Self.next.shanghai)")
    }

    @Test func theMoneyIsFollowedToTheMerchant() {
        let paid = order(.paid)
        func holder(_ facts: OrderFacts.Row) -> OrderReading.Holder {
            reading(paid, facts).money.holder
        }
        #expect(holder(.init()) == .channel)
        #expect(holder(.init(matchedDay: "2026-11-20")) == .platform)
        let day = "2026-11-20"
        #expect(holder(.init(matchedDay: day, settlementID: "S")) == .platform)
        for (status, wanted) in [
            ("requested", OrderReading.Holder.bank), ("processing", .bank),
            ("succeeded", .merchant), ("failed", .platform),
        ] {
            #expect(
                holder(
                    .init(matchedDay: day, settlementID: "S", payoutNo: "P", payoutStatus: status))
                    == wanted, "\(status)")
        }
    }

    @Test func aRefundThatIsReportedAndNotProvenIsNamed() {
        let facts = OrderFacts.Row(reportedRefund: Money(fen: 3_000))
        let page = reading(order(.paid), facts)
        #expect(page.next.contains { $0.contains("30.00 yuan refunded, of which 0.00 yuan") })
        #expect(reading(order(.paid)).next.allSatisfy { !$0.contains("refunded") })
    }

    @Test func everyKindOfStepIsASentenceInBothLanguages() {
        for kind in OrderSteps.Kind.allCases {
            for language in Language.allCases {
                let text = StepSentence(language: language).text(
                    of: .init(
                        at: Self.accepted, kind: kind, name: "order.paid", other: "notify",
                        text: "", number: 3))
                #expect(text.hasSuffix(language == .en ? "." : "。"), "\(text)")
            }
        }
        let late = StepSentence(language: .en).text(
            of: .init(
                at: Self.accepted, kind: .event, name: "order.paid", other: "notify",
                text: "after the order was closed"))
        #expect(late.contains("a late payment"))
    }

    @Test func whatIsStuckSaysWhyAndWhatHappensNext() {
        let now = Self.expiry.adding(seconds: 7_200)
        func page(_ next: Timestamp, _ language: Language = .en) -> StuckPage {
            StuckPage(
                orders: [
                    .init(
                        orderNo: "T1", merchantNo: "M1", merchantOrderNo: "S1",
                        amount: Money(fen: 100), status: .paying, acceptedAt: Self.accepted,
                        expiresAt: Self.expiry, nextInquiryAt: next, attempts: 9,
                        lastAnswer: "SYSTEM_ERROR")
                ],
                refunds: [
                    .init(
                        orderNo: "T2", refundNo: "C1", status: "unconfirmed", amount: nil,
                        since: Self.accepted, nextAt: nil, attempts: 30, lastAnswer: nil)
                ], now: now, limit: 10, language: language)
        }
        let text = page(now.adding(seconds: 60)).lines.joined(separator: "\n")
        #expect(text.contains("its payment time ended 2 h ago"))
        #expect(text.contains("after 9 inquiries; the last answer: SYSTEM_ERROR"))
        #expect(text.contains("refund C1 of order T2"))
        #expect(text.contains("no query is due"))
        let overdue = page(now.adding(seconds: -60)).lines.joined(separator: "\n")
        #expect(overdue.contains("check that the inquiry role runs"))
        #expect(page(now, .zh).lines.joined().contains("支付时限已过 2 h"))
        let none = StuckPage(orders: [], refunds: [], now: now, limit: 10, language: .en)
        #expect(none.lines == ["nothing is stuck"])
    }
}

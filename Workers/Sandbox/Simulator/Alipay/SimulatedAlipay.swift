public import Payments
import WorkerRuntime

/// The simulated channel: a gateway, a cashier, notifications and bills; its state is in memory.
///
/// It follows the channel protocol's rules of signing, states and errors, but for the faults of
/// `ChannelFaults`.
public actor SimulatedAlipay {
    let identity: AlipayIdentity
    let wire: AlipayWire
    let clock: any BusinessClock
    let bills: BillMaker
    let notifier: AlipayNotifier
    /// Where this channel is reached, without a slash at the end.
    let baseURL: String

    private(set) var book = TradeBook()
    /// The payers' agreements.
    var agreements = AgreementBook()
    /// The merchants registered under the platform's contract.
    var merchants = OnboardingBook()
    private var faults: [String: ChannelFaults] = [:]
    private var noticeCount = 0
    private var consoleRefundCount = 0
    /// Limits the calls of a method in a second of business time; `nil` is no limit.
    private var callLimit: CallLimit?
    /// The server calls about each trade.
    var calls = CallRecord()
    private var violationLog = ViolationLog()
    /// Each day's bill as it was last downloaded.
    private(set) var servedBills: [BusinessDay: [UInt8]] = [:]

    init(
        identity: AlipayIdentity, wire: AlipayWire, clock: any BusinessClock, rate: Rate,
        baseURL: String, notifier: AlipayNotifier
    ) {
        self.identity = identity
        self.wire = wire
        self.clock = clock
        self.bills = BillMaker(fee: ChannelFee(rate: rate), account: identity.billAccount)
        self.baseURL = baseURL
        self.notifier = notifier
    }

    /// Injects faults into a trade, by `out_trade_no`.
    public func setFaults(_ newFaults: ChannelFaults, orderNo: String) {
        faults[orderNo] = newFaults
    }

    /// Limits the calls of each method in a second of business time; `nil` removes the limit.
    public func limitCalls(perSecond limit: Int?) {
        callLimit = limit.map { CallLimit(perSecond: $0) }
    }

    /// Every trade, newest first.
    public func trades() -> [Trade] {
        book.trades.values.sorted { ($0.createdAt, $0.tradeNo) > ($1.createdAt, $1.tradeNo) }
    }

    /// The platform's numbers of the merchants that were created, each as often as it was.
    public func createdMerchants() -> [String] { merchants.created }

    /// What the platform did against the channel's rules so far.
    public func violations() -> [String] { violationLog.entries }

    /// Closes expired trades and sends every notification that is due; returns when each has a
    /// reply or is scheduled for a retry.
    public func work() async {
        await notify(apply(.tick).notices)
        await notifier.sendDue()
    }

    /// Whether no notification is in flight or due.
    public func isIdle() async -> Bool { await notifier.isIdle }

    /// The payer pays at the cashier.
    func pay(orderNo: String) async -> AlipayResponse {
        let faults = faults(of: orderNo)
        let outcome = apply(
            .pay(
                orderNo: orderNo, evenIfClosed: faults.acceptsLatePayment,
                paidAt: faults.backdatedPayment))
        await notify(outcome.notices)
        switch outcome.response {
        case .done(let trade, _):
            guard let address = trade.terms.returnURL,
                let target = wire.returnURL(address, trade: trade, now: clock.now())
            else { return .paidPage(trade) }
            return .redirect(target)
        case .refused(let refusal): return .refusedPage(refusal.message)
        case .none: return .refusedPage(TradeRefusal.invalidParameter.message)
        }
    }

    /// Adds a paid trade that the platform doesn't know.
    public func addChannelOnlyTrade(orderNo: String, amount: Money, subject: String) {
        let terms = TradeTerms(
            orderNo: orderNo, amount: amount, subject: subject,
            productCode: AlipayMethod.pagePay.productCode ?? "")
        _ = apply(.arrive(terms, evenIfExpired: true))
        _ = apply(.pay(orderNo: orderNo, evenIfClosed: true, paidAt: nil))
    }

    /// Notifies `url`, correctly signed, of the payment of an order that doesn't exist.
    public func notifyOfUnknownOrder(orderNo: String, amount: Money, url: String) async {
        let now = clock.now()
        var separate = TradeBook()
        let terms = TradeTerms(
            orderNo: orderNo, amount: amount, subject: "不明订单",
            productCode: AlipayMethod.pagePay.productCode ?? "")
        _ = separate.apply(.arrive(terms, evenIfExpired: true), at: now)
        let event = TradeEvent.pay(orderNo: orderNo, evenIfClosed: true, paidAt: nil)
        for notice in separate.apply(event, at: now).notices {
            let form = NotificationForm(
                notice, identity: identity, notifyID: nextNotifyID(now), now: now)
            await send(form, orderNo: orderNo, url: url, key: .alipay, isRetried: false)
        }
    }

    /// A notification's body signed with an attacker's key, to be published to a topic.
    public func forgedNotification(orderNo: String, amount: Money) -> String {
        let now = clock.now()
        let terms = TradeTerms(
            orderNo: orderNo, amount: amount, subject: "forged", productCode: "")
        let trade = Trade(
            tradeNo: "0", terms: terms, status: .paid, createdAt: now, paidAt: now)
        let form = NotificationForm(
            .paid(trade), identity: identity, notifyID: nextNotifyID(now), now: now)
        return wire.body(form, signedBy: .attacker)
    }

    // MARK: Used by the methods

    func apply(_ event: TradeEvent) -> TradeOutcome { book.apply(event, at: clock.now()) }

    func faults(of orderNo: String) -> ChannelFaults { faults[orderNo] ?? ChannelFaults() }

    /// Takes one of a trade's counted faults; false when none remains.
    func takeFault(_ count: WritableKeyPath<ChannelFaults, Int>, orderNo: String?) -> Bool {
        guard let orderNo, let left = faults[orderNo]?[keyPath: count], left > 0 else {
            return false
        }
        faults[orderNo]?[keyPath: count] = left - 1
        return true
    }

    /// Puts a payer's agreement into a state.
    func putAgreement(_ agreementNo: String, _ status: AgreementBook.Status) {
        agreements.put(agreementNo, status)
    }

    func nextConsoleRefundNo() -> String {
        consoleRefundCount += 1
        return "CONSOLE\(BusinessDay.containing(clock.now()).compact)\(consoleRefundCount)"
    }

    /// Removes and returns one of a trade's faults of answers.
    func removeAnswerFault(orderNo: String, at index: Int) -> AnswerFault? {
        faults[orderNo]?.answers.remove(at: index)
    }

    func isLimited(_ method: String) -> Bool {
        callLimit?.refuses(method, at: clock.now()) ?? false
    }

    func bill(of day: BusinessDay) -> Statement {
        bills.statement(
            of: book.trades.values, day: day, faults: faults)
    }

    /// The zip of a day's bill, kept as it is served.
    func serveBill(of day: BusinessDay) throws -> [UInt8] {
        let zip = try AlipayBillFile.zip(bill(of: day), exportedAt: clock.now())
        servedBills[day] = zip
        return zip
    }

    func recordViolation(_ violation: String) { violationLog.record(violation) }

    /// Queues the notifications of `notices`, with the trade's faults.
    func notify(_ notices: [TradeNotice]) async {
        for notice in notices {
            guard let url = notice.trade.terms.notifyURL else { continue }
            let now = clock.now()
            let faults = faults(of: notice.trade.orderNo)
            let form = NotificationForm(
                notice, identity: identity, notifyID: nextNotifyID(now), now: now, faults: faults)
            var isLost = false
            var delay: Int64 = 0
            switch notice {
            case .paid:
                await sendFalseForms(form, notice.trade, faults, url: url)
                isLost = faults.losesNotifications
                delay = faults.notificationDelay
            case .refunded: isLost = faults.losesRefundNotifications
            case .closed: break
            }
            guard !isLost else { continue }
            await send(form, notice.trade.orderNo, faults, url: url, delay: delay)
        }
    }

    /// The right notification, with its repeats: at once, or later than newer ones.
    private func send(
        _ form: NotificationForm, _ orderNo: String, _ faults: ChannelFaults, url: String,
        delay: Int64
    ) async {
        let later = faults.repeatDelay > 0 ? faults.repeatedNotifications : 0
        await send(
            form, orderNo: orderNo, url: url, key: .alipay,
            repeats: faults.repeatedNotifications - later, delay: delay)
        for _ in 0..<later {
            await send(
                form, orderNo: orderNo, url: url, key: .alipay, isRetried: false,
                delay: delay + faults.repeatDelay)
        }
    }

    /// The false notifications that are sent before the right one.
    private func sendFalseForms(
        _ form: NotificationForm, _ trade: Trade, _ faults: ChannelFaults, url: String
    ) async {
        let orderNo = trade.orderNo
        var forms: [(NotificationForm, NotificationKey)] = []
        if faults.forged { forms.append((form, .attacker)) }
        if let wrong = faults.wrongAmount {
            forms.append((form.with("total_amount", wrong.yuan), .alipay))
        }
        if faults.wrongApp { forms.append((form.with("app_id", "2021000000009999"), .alipay)) }
        if faults.wrongSeller {
            forms.append((form.with("seller_id", "2088000000008888"), .alipay))
        }
        for (form, key) in forms {
            let ownID = form.with("notify_id", nextNotifyID(clock.now()))
            await send(ownID, orderNo: orderNo, url: url, key: key, isRetried: false)
        }
    }

    private func send(
        _ form: NotificationForm, orderNo: String, url: String, key: NotificationKey,
        isRetried: Bool = true, repeats: Int = 0, delay: Int64 = 0
    ) async {
        let notification = AlipayNotification(
            orderNo: orderNo, url: url, body: wire.body(form, signedBy: key), isRetried: isRetried,
            repeats: repeats)
        await notifier.enqueue(notification, at: clock.now().adding(seconds: delay))
    }

    private func nextNotifyID(_ now: Timestamp) -> String {
        noticeCount += 1
        let digits = String(noticeCount)
        let zeros = String(repeating: "0", count: max(0, 24 - digits.count))
        return BusinessDay.containing(now).compact + zeros + digits
    }
}

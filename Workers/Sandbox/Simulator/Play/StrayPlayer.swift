import Events
import Payments
import WorkerRuntime

/// The actions that belong to no order.
extension ActionPlayer {
    func playStray(_ action: PlannedAction) async throws {
        switch action.kind {
        case .malformedOrder(let how): try await publishMalformedOrder(how)
        case .malformedCallback(let how):
            try await publishMalformedCallback(how, lane: action.lane)
        case .notifyOfUnknownOrder(let amount):
            await alipay.notifyOfUnknownOrder(
                orderNo: strayNo(action.lane), amount: amount,
                url: gateway.gatewayURL + "/v1/channels/alipay/notify")
        case .channelOnlyTrade(let amount):
            await alipay.addChannelOnlyTrade(
                orderNo: strayNo(action.lane), amount: amount, subject: "渠道单边交易")
        case .submit, .submitAgain, .submitOther, .arrive, .pay, .close, .refund, .consoleRefund:
            await ledger.record("lane \(action.lane): \(action.kind) is an action of an order")
        }
    }

    /// Published under the key of a real merchant, whose later records must still be processed.
    private func publishMalformedOrder(_ how: MalformedRecord) async throws {
        let merchantNo = requests.parties.merchants.first?.partyNo ?? "M2001"
        let value: String
        switch how {
        case .notJSON: value = "{\"event_id\": not json"
        case .wrongShape, .forged: value = #"{"event_type":"order.submitted","order":[1,2,3]}"#
        }
        await ledger.count(\.malformed)
        try await publisher.publish(
            topic: OrderSubmitted.topic, key: merchantNo, value: Array(value.utf8))
    }

    private func publishMalformedCallback(_ how: MalformedRecord, lane: Int) async throws {
        let orderNo = strayNo(lane)
        let value: [UInt8]
        switch how {
        case .notJSON: value = Array("<alipay>not json</alipay>".utf8)
        case .wrongShape: value = Array(#"{"channel":"alipay","raw":17}"#.utf8)
        case .forged: value = try EventCodec.encode(await forgedCallback(orderNo))
        }
        await ledger.count(\.malformed)
        try await publisher.publish(topic: CallbackReceived.topic, key: orderNo, value: value)
    }

    private func forgedCallback(_ orderNo: String) async -> CallbackReceived {
        let now = clock.now()
        var random = SeededRandom(seed: seed, label: "forged|\(orderNo)")
        let body = await alipay.forgedNotification(orderNo: orderNo, amount: Money(fen: 100))
        return CallbackReceived(
            envelope: CallbackReceived.envelope(.make(at: now, using: &random), at: now),
            channel: "alipay", origin: .notify, orderNo: orderNo, raw: Array(body.utf8),
            headers: ["content-type": "application/x-www-form-urlencoded; charset=utf-8"],
            receivedAt: EventTime(now))
    }

    /// An order number in the platform's format that the platform never issued.
    private func strayNo(_ lane: Int) -> String { madeUpNo("8", "stray|\(lane)") }

    /// The day, a digit that the platform doesn't use at that place, and eleven digits of the seed.
    func madeUpNo(_ kind: String, _ label: String) -> String {
        var random = SeededRandom(seed: seed, label: label)
        let digits = String(random.next() % 100_000_000_000)
        let zeros = String(repeating: "0", count: 11 - digits.count)
        return BusinessDay.containing(clock.now()).compact + kind + zeros + digits
    }
}

import Events
import Logging
import Payments
import WorkerRuntime

/// Performs planned actions and compares each reply with what the plan expects.
struct ActionPlayer: Sendable {
    let seed: UInt64
    let orders: [PlannedOrder]
    let gateway: GatewayClient
    let requests: MerchantRequests
    let alipay: SimulatedAlipay
    let publisher: any RecordPublisher
    let clock: any BusinessClock
    let ledger: PlayLedger
    let submissions: SubmissionLog

    /// How often an order without an outcome is queried, every tenth of a second.
    private static let polls = 300

    /// Performs `action`; what goes wrong is recorded in the report, not thrown.
    func play(_ action: PlannedAction) async {
        do {
            if orders.indices.contains(action.lane) {
                try await play(action.kind, of: orders[action.lane])
            } else {
                try await playStray(action)
            }
        } catch {
            await ledger.record("\(name(of: action)): \(error)")
        }
    }

    private func play(_ kind: PlannedAction.Kind, of order: PlannedOrder) async throws {
        switch kind {
        case .submit where order.scenario == .ownSystem: try await publish(order)
        case .submit: try await submit(order)
        case .submitAgain(let signedAnew): try await submitAgain(order, signedAnew: signedAnew)
        case .submitOther(let amount): try await submitOther(order, amount: amount)
        case .arrive: try await arrive(order)
        case .pay: try await pay(order)
        case .close: try await close(order)
        case .refund(let number, let amount): try await refund(order, number, amount)
        case .consoleRefund(let numbers, let amount):
            try await refundAtConsole(order, numbers, amount)
        case .malformedOrder, .malformedCallback, .notifyOfUnknownOrder, .channelOnlyTrade:
            await ledger.record("\(order.merchantOrderNo): \(kind) is not an action of an order")
        }
    }

    // MARK: Orders

    private func submit(_ order: PlannedOrder) async throws {
        let body = try requests.order(order, now: clock.now(), nonce: await ledger.nonce())
        await ledger.update(order.index) { $0.body = body }
        await ledger.count(\.submitted)
        await record(.submitted, of: order)
        let reply = try await settled(try await gateway.post("/v1/orders", body), of: order)
        await expect(order.scenario.expectedStatus, reply, of: order, doing: "submit")
        await remember(reply, of: order)
    }

    private func submitAgain(_ order: PlannedOrder, signedAnew: Bool) async throws {
        var body = await ledger.lane(order.index).body
        if signedAnew {
            body = try requests.order(order, now: clock.now(), nonce: await ledger.nonce())
        }
        await ledger.count(\.repeats)
        await record(.repeated, of: order)
        let reply = try await settled(try await gateway.post("/v1/orders", body), of: order)
        await expect([200], reply, of: order, doing: "submit again")
        await remember(reply, of: order)
    }

    private func submitOther(_ order: PlannedOrder, amount: Money) async throws {
        let body = try requests.order(
            order, now: clock.now(), nonce: await ledger.nonce(), amount: amount)
        await ledger.count(\.repeats)
        await record(.otherContent, of: order, amount: amount)
        let reply = try await gateway.post("/v1/orders", body)
        await expect([409], reply, of: order, doing: "submit with another amount")
    }

    /// The merchant's own system publishes the event that the gateway would have.
    private func publish(_ order: PlannedOrder) async throws {
        let now = clock.now()
        let body = try requests.order(order, now: now, nonce: await ledger.nonce())
        var random = SeededRandom(seed: seed, label: "event|\(order.index)")
        let event = OrderSubmitted(
            envelope: OrderSubmitted.envelope(.make(at: now, using: &random), at: now),
            orderNo: madeUpNo("9", "own|\(order.merchantOrderNo)"),
            receivedAt: EventTime(now),
            order: try EventCodec.decode(OrderRequest.self, from: body))
        await ledger.update(order.index) { $0.body = body }
        await ledger.count(\.submitted)
        await ledger.count(\.published)
        await record(.published, of: order)
        try await publisher.publish(
            topic: OrderSubmitted.topic, key: event.key, value: event.json())
    }

    /// The final reply: after a 202 the order is queried until it is decided, and then sent again
    /// for its pay address.
    private func settled(
        _ first: HTTPReply, of order: PlannedOrder
    ) async throws -> HTTPReply {
        guard first.status == 202 else { return first }
        for _ in 0..<Self.polls {
            let reply = try await query(order)
            if reply.status == 200, reply.order?.status != "submitted" { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let again = try await gateway.post(
            "/v1/orders", await ledger.lane(order.index).body)
        // The second reply to an accepted order is 200, which replaces the first's 201.
        return again.status == 200 && order.scenario.expectedStatus == [201]
            ? HTTPReply(status: 201, body: again.body) : again
    }

    private func query(_ order: PlannedOrder) async throws -> HTTPReply {
        let query = try requests.query(order, now: clock.now(), nonce: await ledger.nonce())
        return try await gateway.get("/v1/orders/\(order.merchantOrderNo)?\(query)")
    }

    private func record(
        _ kind: SubmissionEntry.Kind, of order: PlannedOrder, amount: Money? = nil
    ) async {
        let outcome: SubmissionEntry.Outcome =
            switch kind {
            case .submitted, .published: order.scenario.isAccepted ? .accepted : .rejected
            case .repeated: .known
            case .otherContent: .rejected
            }
        await submissions.append(
            SubmissionEntry(
                kind: kind, expected: outcome, scenario: order.scenario.rawValue,
                merchantNo: order.merchantNo, merchantOrderNo: order.merchantOrderNo,
                product: order.product.rawValue, amountFen: (amount ?? order.amount).fen,
                expiresInSeconds: order.expiresInSeconds, at: clock.now().rfc3339))
    }

    private func remember(_ reply: HTTPReply, of order: PlannedOrder) async {
        guard let known = reply.order, known.isPayable, let orderNo = known.orderNo else { return }
        await ledger.update(order.index) { lane in
            lane.orderNo = orderNo
            lane.payURL = known.payURL
            lane.payParams = known.payParams
        }
        await alipay.setFaults(order.faults, orderNo: orderNo)
    }

    // MARK: Payers

    private func arrive(_ order: PlannedOrder) async throws {
        if await ledger.lane(order.index).orderNo == nil { try await requestPayAddress(order) }
        let lane = await ledger.lane(order.index)
        let reply: HTTPReply
        if let url = lane.payURL {
            reply = try await gateway.open(url)
        } else if let parameters = lane.payParams {
            reply = try await gateway.submit(alipay.baseURL + "/cashier/app", form: parameters)
        } else {
            return await ledger.record("\(order.merchantOrderNo): no pay address")
        }
        await expect([200], reply, of: order, doing: "open the cashier")
        if reply.status == 200 {
            await ledger.update(order.index) { $0.isAtCashier = true }
        }
    }

    /// An order that wasn't sent through the gateway is sent again for its pay address.
    private func requestPayAddress(_ order: PlannedOrder) async throws {
        let known = try await query(order)
        await remember(known, of: order)
        guard known.order?.isPayable != true else { return }
        let body = try requests.order(order, now: clock.now(), nonce: await ledger.nonce())
        await record(.repeated, of: order)
        let reply = try await gateway.post("/v1/orders", body)
        await expect([200], reply, of: order, doing: "request the pay address")
        await remember(reply, of: order)
    }

    private func pay(_ order: PlannedOrder) async throws {
        let lane = await ledger.lane(order.index)
        guard lane.isAtCashier, let orderNo = lane.orderNo else {
            return await ledger.record(
                "\(order.merchantOrderNo): the payer has not opened the cashier")
        }
        let reply = try await gateway.submit(
            alipay.baseURL + "/cashier/pay",
            form: FormCoding.encode([(name: "out_trade_no", value: orderNo)]))
        await expect([200, 303], reply, of: order, doing: "pay")
        if [200, 303].contains(reply.status) { await ledger.count(\.payments) }
    }

    // MARK: Closes and refunds

    private func close(_ order: PlannedOrder) async throws {
        let body = try requests.close(order, now: clock.now(), nonce: await ledger.nonce())
        let reply = try await gateway.post("/v1/orders/\(order.merchantOrderNo)/close", body)
        await expect([200, 202], reply, of: order, doing: "close")
        if [200, 202].contains(reply.status) { await ledger.count(\.closes) }
    }

    private func refund(_ order: PlannedOrder, _ number: String, _ amount: Money) async throws {
        let body = try requests.refund(
            order, refundNo: number, amount: amount, now: clock.now(),
            nonce: await ledger.nonce())
        let reply = try await gateway.post("/v1/orders/\(order.merchantOrderNo)/refunds", body)
        await expect([200, 201, 202], reply, of: order, doing: "refund \(number)")
        if (200...202).contains(reply.status) { await ledger.count(\.refunds) }
    }

    private func refundAtConsole(
        _ order: PlannedOrder, _ numbers: [String], _ amount: Money
    ) async throws {
        guard let orderNo = await ledger.lane(order.index).orderNo else {
            return await ledger.record(
                "\(order.merchantOrderNo): no order to refund at the channel")
        }
        for number in numbers {
            let result = await alipay.refundAtConsole(
                orderNo: orderNo, amount: amount, requestNo: number)
            if case .failure(let refusal) = result {
                await ledger.record("\(order.merchantOrderNo): a console refund: \(refusal.reason)")
            }
        }
    }

    private func expect(
        _ statuses: [Int], _ reply: HTTPReply, of order: PlannedOrder, doing what: String
    ) async {
        guard !statuses.contains(reply.status) else { return }
        let wanted = statuses.map(String.init).joined(separator: " or ")
        let body = String(decoding: reply.body.prefix(300), as: UTF8.self)
        await ledger.record(
            "\(order.merchantOrderNo) (\(order.scenario)): \(what) got \(reply.status), "
                + "expected \(wanted): \(body)")
    }

    private func name(of action: PlannedAction) -> String {
        orders.indices.contains(action.lane)
            ? "\(orders[action.lane].merchantOrderNo) (\(orders[action.lane].scenario))"
            : "lane \(action.lane) (\(action.kind))"
    }
}

extension OrderScenario {
    /// The status of the gateway's reply to the first submission.
    var expectedStatus: [Int] {
        switch self {
        case .badSignature, .staleTimestamp, .unknownKeyVersion: [401]
        case .unknownMerchant: [401, 403]
        case .productNotAllowed: [403]
        default: [201]
        }
    }
}

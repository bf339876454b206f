public import Channels
import Events
public import Kafka
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Applies the channel's messages to the orders: the only writer of an order's state after its
/// acceptance. Each change is published, with a delivery to every party of the order's chain.
public struct CallbackWorker: Worker {
    /// A decoded and verified callback.
    public struct Item: Sendable {
        let callback: CallbackReceived
        /// `nil` where the message says nothing about the order's state.
        let observation: ChannelObservation?
    }

    public let name = "callback"
    public let topics = [CallbackReceived.topic]

    private let directory: Directory
    private let channel: any PaymentChannel
    private let latePayments: LatePaymentRule

    /// - Parameters:
    ///   - directory: the parties' callback URLs.
    ///   - channel: verifies and decodes the channel's messages; makes no network call.
    ///   - latePayments: the platform's rule for money that comes after an order was closed.
    public init(
        directory: Directory, channel: any PaymentChannel, latePayments: LatePaymentRule = .accept
    ) {
        self.directory = directory
        self.channel = channel
        self.latePayments = latePayments
    }

    public func prepare(_ records: [KafkaRecord]) async -> [Preparation<Item>] {
        await records.mappedInParallel { read($0) }
    }

    private func read(_ record: KafkaRecord) -> Preparation<Item> {
        do {
            let callback = try EventCodec.decode(CallbackReceived.self, from: record.value)
            guard callback.channel == channel.name else {
                return .poison(
                    Poison(
                        reason: "unknown_channel",
                        error: "no channel '\(callback.channel.prefix(32))' is configured"))
            }
            return .ready(Item(callback: callback, observation: try observation(of: callback)))
        } catch let error as EventCodecError {
            return .poison(Poison(reason: error.reason, error: error.detail))
        } catch let error as ChannelMessageError {
            return .poison(Poison(reason: error.reason, error: "\(error)"))
        } catch {
            return .poison(Poison(reason: "malformed", error: "\(error)"))
        }
    }

    private func observation(of callback: CallbackReceived) throws -> ChannelObservation? {
        switch callback.origin {
        case .notify:
            return try channel.observation(ofNotification: callback.raw)
        case .inquiry:
            // A reply to an inquiry has no time of its own: it was true when it was received, which
            // may be long ago.
            return try channel.observation(
                ofAnswer: callback.raw, method: callback.method ?? "", orderNo: callback.orderNo,
                refundNo: callback.refundNo
            )?.dated(ifUnknown: callback.receivedAt.timestamp)
        }
    }

    public func apply(
        _ items: [Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        let orderNos = Set(items.compactMap { $0.observation?.orderNo })
        let locked = try await transaction.run(LockOrders(orderNos.sorted()))
        var progress = OrderProgress(orders: locked, now: now)
        for (index, item) in items.enumerated() {
            guard let observation = item.observation else { continue }
            progress.apply(observation, origin: item.callback.origin, index: index)
        }
        let events = try await store(progress, in: transaction, now: now)
        return BatchEffect(events: events, poison: progress.poison)
    }

    private func store(
        _ progress: OrderProgress, in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> [OutgoingEvent] {
        let updates = try progress.updates()
        guard !updates.isEmpty else { return [] }
        _ = try await transaction.run(UpdateOrders(updates))
        let lacking = progress.ordersLackingRefunds
        if !lacking.isEmpty {
            _ = try await transaction.run(
                ReportRefunds(progress.refundReports, orderNos: lacking, now: now))
        }
        guard !progress.changes.isEmpty else { return [] }
        let entries = progress.changes.map(\.timelineEntry)
        _ = try await transaction.run(InsertOrderEvents(entries, now: now))
        let refunded = progress.changes.filter { $0.refund != nil }
        var merchantRefundNos: [String: String] = [:]
        if !refunded.isEmpty {
            _ = try await transaction.run(
                CompleteRefunds(refunded.compactMap { try $0.completion() }))
            let rows = try await transaction.run(RefundsOfOrders(refunded.map(\.order.orderNo)))
            for row in rows { merchantRefundNos[row.refundNo] = row.merchantRefundNo }
        }
        if latePayments == .refund, !progress.latePayments.isEmpty {
            _ = try await transaction.run(RequestLateRefunds(progress.latePayments, now: now))
        }
        let events = progress.changes.map { change in
            change.event(merchantRefundNo: change.refund.flatMap { merchantRefundNos[$0.refundNo] })
        }
        let fanOut = FanOut(
            entries: try await directory.entries(of: progress.partyNos, in: transaction))
        let deliveries = zip(progress.changes, events).flatMap { change, event in
            fanOut.deliveries(of: event, order: change.order, now: now)
        }
        if !deliveries.isEmpty {
            _ = try await transaction.run(InsertDeliveries(deliveries, now: now))
        }
        return try zip(progress.changes, events).map { change, event in
            try OutgoingEvent(event, traceparent: change.order.traceparent)
        }
    }
}

extension ChannelObservation {
    /// The observation with `time` where it has none.
    func dated(ifUnknown time: Timestamp) -> ChannelObservation {
        ChannelObservation(
            orderNo: orderNo, tradeNo: tradeNo, kind: kind, amount: amount, appID: appID,
            sellerID: sellerID, at: at ?? time)
    }
}

import Events
public import Logging
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Posts the changes of orders to agents and merchants, until each acknowledges or no attempt is
/// left.
public struct DeliverySweep: Sweep {
    /// A claimed delivery and the key that signs it.
    public struct Job: Sendable {
        let delivery: ClaimDeliveries.Row
        /// `nil` where the party has no key.
        let key: DeliveryKey?
    }

    public let name = "deliveries"
    public let concurrency = ReceiverWindows.slots

    private let pool: PostgresPool
    private let directory: Directory
    private let platformKeys: PlatformKeys
    private let sender: DeliverySender
    private let completions: DeliveryCompletions
    private let receivers = Receivers()
    private let clock: any BusinessClock
    private let logger: Logger

    /// - Parameters:
    ///   - directory: the receivers' keys.
    ///   - platformKeys: sign to receivers whose keys are all public ones.
    ///   - sender: posts to them.
    public init(
        pool: PostgresPool, directory: Directory, platformKeys: PlatformKeys,
        sender: DeliverySender, clock: any BusinessClock, logger: Logger
    ) {
        self.pool = pool
        self.directory = directory
        self.platformKeys = platformKeys
        self.sender = sender
        completions = DeliveryCompletions(pool: pool)
        self.clock = clock
        self.logger = logger
    }

    /// Claims and finds the keys in one transaction: where the keys can't be read or opened, no
    /// attempt is used up.
    public func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [Job] {
        let (rooms, beyond) = receivers.windows { windows in
            windows.dropIdle(at: .now)
            return (windows.rooms(at: .now), windows.roomBeyond)
        }
        let jobs = try await connection.transaction { transaction -> [Job] in
            let rows = try await transaction.run(
                ClaimDeliveries(
                    limit: limit, rooms: rooms, roomOfOthers: ReceiverWindows.firstWindow,
                    roomBeyond: beyond, now: now))
            guard !rows.isEmpty else { return [] }
            let keys = try await keys(of: Set(rows.map(\.partyNo)), at: now, transaction)
            return rows.map { Job(delivery: $0, key: keys[$0.partyNo]) }
        }
        receivers.windows { windows in
            for job in jobs { windows.begin(job.delivery.partyNo, at: .now) }
        }
        return jobs
    }

    private func keys(
        of partyNos: Set<String>, at now: Timestamp, _ transaction: PostgresTransaction
    ) async throws -> [String: DeliveryKey] {
        let parties = try await directory.entries(of: partyNos, in: transaction)
        var keys: [String: DeliveryKey] = [:]
        var platformKey: DeliveryKey?
        for partyNo in partyNos {
            guard let party = parties[partyNo], !party.keys.isEmpty else { continue }
            if let secret = party.deliveryKey {
                keys[partyNo] = DeliveryKey(secret)
                continue
            }
            if platformKey == nil {
                platformKey = DeliveryKey(
                    try await platformKeys.signing(at: now, in: transaction))
            }
            keys[partyNo] = platformKey
        }
        return keys
    }

    public func perform(_ job: Job) async throws {
        let (delivery, started) = (job.delivery, ContinuousClock.now)
        let result: DeliveryResult
        do {
            result = try await attempt(job)
        } catch let putOff as DeliverySender.PutOff {
            receivers.windows { $0.putOff(delivery.partyNo, for: Self.pause, at: .now) }
            logger.debug(
                "a delivery is put off",
                metadata: [
                    "delivery_id": "\(delivery.id)", "party_no": "\(delivery.partyNo)",
                    "reason": "\(putOff.reason)",
                ])
            let statement = ReturnDelivery(id: delivery.id, attempt: delivery.attempt)
            _ = try await pool.withConnection { try await $0.run(statement) }
            return
        } catch {
            receivers.windows { $0.end(delivery.partyNo, .slow, at: .now) }
            throw error
        }
        let time = ContinuousClock.now - started
        defer {
            let reply = result.reply(after: time)
            receivers.windows { $0.end(delivery.partyNo, reply, at: .now) }
        }
        log(result, of: delivery)
        try await complete(delivery, result, in: time)
    }

    // How long a party waits whose destination has no room; as long as the claim's return.
    private static let pause: Duration = .seconds(1)

    private func attempt(_ job: Job) async throws -> DeliveryResult {
        guard let key = job.key else {
            return DeliveryResult(
                error: "\(job.delivery.partyNo) has no key in force: the delivery can't be signed")
        }
        let message = try DeliveryMessage(job.delivery, key: key, at: clock.now())
        return try await sender.post(
            message, to: job.delivery.url, of: job.delivery.partyNo, receivers: receivers)
    }

    private func complete(
        _ delivery: ClaimDeliveries.Row, _ result: DeliveryResult, in time: Duration
    ) async throws {
        let now = clock.now()
        try await completions.store(
            CompleteDeliveries.Attempt(
                id: delivery.id, attempt: delivery.attempt,
                outcome: result.outcome(
                    ofAttempt: delivery.attempt, resentAfter: delivery.resentAfter, at: now),
                httpStatus: result.httpStatus, error: result.error,
                milliseconds: Int32(clamping: Int(time / .milliseconds(1))), endedAt: now))
    }

    private func log(_ result: DeliveryResult, of delivery: ClaimDeliveries.Row) {
        guard result.error != nil || logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = [
            "delivery_id": "\(delivery.id)", "order_no": "\(delivery.order.orderNo)",
            "party_no": "\(delivery.partyNo)", "attempt": "\(delivery.attempt)",
        ]
        let trace = delivery.order.traceparent.flatMap(TraceContext.init)
        metadata["trace_id"] = trace.map { "\($0.traceID)" }
        metadata["status"] = result.httpStatus.map { "\($0)" }
        guard let error = result.error else {
            return logger.debug("a delivery was acknowledged", metadata: metadata)
        }
        metadata["error"] = "\(error)"
        logger.info("a delivery was not acknowledged", metadata: metadata)
    }
}

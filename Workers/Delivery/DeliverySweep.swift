import Events
public import Logging
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Posts the changes of orders to agents and merchants, until each acknowledges or no attempt is
/// left.
public struct DeliverySweep: Sweep {
    public let name = "deliveries"
    public let concurrency = 64
    public let laneConcurrency = 8

    private let pool: PostgresPool
    private let directory: Directory
    private let sender: DeliverySender
    private let health = ReceiverHealth()
    private let clock: any BusinessClock
    private let logger: Logger

    /// - Parameters:
    ///   - directory: the receivers' keys.
    ///   - sender: posts to them.
    public init(
        pool: PostgresPool, directory: Directory, sender: DeliverySender,
        clock: any BusinessClock, logger: Logger
    ) {
        self.pool = pool
        self.directory = directory
        self.sender = sender
        self.clock = clock
        self.logger = logger
    }

    public func claim(
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimDeliveries.Row] {
        let resting = await health.resting(at: .now)
        return try await connection.run(
            ClaimDeliveries(limit: limit, excluding: lanes + resting, now: now))
    }

    public func lane(of job: ClaimDeliveries.Row) -> String { job.receiver }

    public func perform(_ job: ClaimDeliveries.Row) async throws {
        let started = ContinuousClock.now
        let result = try await attempt(job)
        log(result, of: job)
        await health.record(job.receiver, hasReplied: result.httpStatus != nil, at: .now)
        let now = clock.now()
        let completion = CompleteDelivery(
            id: job.id, attempt: job.attempt,
            outcome: result.outcome(ofAttempt: job.attempt, at: now),
            httpStatus: result.httpStatus, error: result.error,
            milliseconds: Int32(clamping: Int((ContinuousClock.now - started) / .milliseconds(1))),
            now: now)
        _ = try await pool.withConnection { try await $0.run(completion) }
    }

    private func attempt(_ job: ClaimDeliveries.Row) async throws -> DeliveryResult {
        let entry = try await pool.transaction { transaction in
            try await directory.entries(of: [job.partyNo], in: transaction)[job.partyNo]
        }
        guard let key = entry?.deliveryKey else {
            return DeliveryResult(
                error: "\(job.partyNo) has no live MD5 or HMAC-SHA256 key to sign with")
        }
        let fields = try EventCodec.decode(RequestFields.self, from: Array(job.payload.utf8))
        let body = try SignedDelivery.body(fields, key: key, at: clock.now())
        return await sender.post(
            body, to: job.url, id: job.id, attempt: job.attempt, trace: job.trace)
    }

    private func log(_ result: DeliveryResult, of job: ClaimDeliveries.Row) {
        var metadata: Logger.Metadata = [
            "delivery_id": "\(job.id)", "order_no": "\(job.orderNo)",
            "party_no": "\(job.partyNo)", "attempt": "\(job.attempt)",
        ]
        metadata["trace_id"] = job.trace.map { "\($0.traceID)" }
        metadata["status"] = result.httpStatus.map { "\($0)" }
        guard let error = result.error else {
            return logger.debug("a delivery was acknowledged", metadata: metadata)
        }
        metadata["error"] = "\(error)"
        logger.info("a delivery was not acknowledged", metadata: metadata)
    }
}

extension ClaimDeliveries.Row {
    /// The trace of the order.
    var trace: TraceContext? { traceparent.flatMap(TraceContext.init) }
}

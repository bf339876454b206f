import Events
import Kafka
import Logging
import ServiceLifecycle
import WorkerRuntime

/// Reads every partition of `orders.accepted`, `orders.rejected` and `orders.changed` from its end
/// on, and resolves the pending replies. No consumer group: every gateway reads all of them.
struct ReplyReader: Service {
    let role: RoleContext
    let pending: PendingReplies
    let readiness: ReaderReadiness

    /// Reads until graceful shutdown.
    func run() async throws {
        var backoff = Backoff()
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                try await read()
                backoff.reset()
            } catch {
                readiness.isTrue = false
                guard !Task.isShuttingDownGracefully else { break }
                let pause = backoff.next()
                role.logger.warning(
                    "can't read the replies to orders; retrying",
                    metadata: ["pause": "\(pause)", "error": "\(error)"])
                _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            }
        }
    }

    private func read() async throws {
        let reader = try KafkaReader(
            settings: role.kafka,
            topics: [OrderAccepted.topic, OrderRejected.topic, OrderChanged.topic], from: .end,
            logger: role.logger)
        do {
            // A gateway that stops doesn't wait for an unavailable broker.
            try await withGracefulShutdownHandler {
                try await reader.waitUntilPositioned()
            } onGracefulShutdown: {
                Task { await reader.close() }
            }
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                readiness.isTrue = reader.isConnected
                let records = try await reader.poll(
                    maxRecords: 1_000, wait: .milliseconds(100))
                // A gateway without pending requests doesn't decode the replies of others.
                guard await pending.count > 0 else { continue }
                for record in records { await resolve(record) }
            }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }

    // A record that can't be decoded replies to no request.
    func resolve(_ record: KafkaRecord) async {
        switch record.topicPartition.topic {
        case OrderAccepted.topic:
            if let event = try? EventCodec.decode(OrderAccepted.self, from: record.value) {
                await pending.resolve(.submission(event.submissionID), with: .accepted(event))
            }
        case OrderRejected.topic:
            if let event = try? EventCodec.decode(OrderRejected.self, from: record.value) {
                await pending.resolve(.submission(event.submissionID), with: .rejected(event))
            }
        default:
            if let event = try? EventCodec.decode(OrderChanged.self, from: record.value) {
                await pending.resolve(.order(event.orderNo), with: .changed(event))
                if let refundNo = event.refundNo {
                    await pending.resolve(.refund(refundNo), with: .changed(event))
                }
            }
        }
    }
}

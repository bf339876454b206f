import Events
import Kafka
import Logging
import ServiceLifecycle
import WorkerRuntime

/// Reads `orders.accepted`, `orders.rejected` and `orders.changed` whole, from now on, and posts
/// what it reads to the pending. No group: every gateway sees everything.
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
                let pause = backoff.next()
                role.logger.warning(
                    "can't read the answers to orders; trying again",
                    metadata: ["pause": "\(pause)", "error": "\(error)"])
                try? await Task.sleep(for: pause)
            }
        }
    }

    private func read() async throws {
        let reader = try KafkaReader(
            settings: role.kafka,
            topics: [OrderAccepted.topic, OrderRejected.topic, OrderChanged.topic], from: .end,
            logger: role.logger)
        do {
            try await reader.waitUntilPositioned()
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                readiness.isTrue = reader.isConnected
                let records = try await reader.poll(
                    maxRecords: 1_000, wait: .milliseconds(100))
                // Nobody asks: a gateway with nothing to do doesn't read what others are told.
                guard await pending.count > 0 else { continue }
                for record in records { await post(record) }
            }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }

    // A record that isn't what it should be answers nobody; its own consumers deal with it.
    private func post(_ record: KafkaRecord) async {
        switch record.topicPartition.topic {
        case OrderAccepted.topic:
            if let event = try? EventCodec.decode(OrderAccepted.self, from: record.value) {
                await pending.post(.accepted(event), to: .submission(event.submissionID))
            }
        case OrderRejected.topic:
            if let event = try? EventCodec.decode(OrderRejected.self, from: record.value) {
                await pending.post(.rejected(event), to: .submission(event.submissionID))
            }
        default:
            if let event = try? EventCodec.decode(OrderChanged.self, from: record.value) {
                await pending.post(.changed(event), to: .order(event.orderNo))
                if let refundNo = event.refundNo {
                    await pending.post(.changed(event), to: .refund(refundNo))
                }
            }
        }
    }
}

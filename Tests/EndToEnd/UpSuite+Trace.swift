import Foundation
import Kafka
import TestStack
import TestWaiting
import Testing
import WorkerRuntime

extension OutsideTests.UpSuite {
    /// The trace that a merchant's request begins is that of every record, log line and delivery.
    @Test func oneTraceLeadsFromTheOrderToTheDelivery() async throws {
        try await Receiver.serving { receiver, address in
            let shop = try stack.shop("M2005")
            let number = Shop.number()
            let traceID = UUID().uuidString.replacing("-", with: "").lowercased()
            let taken = try await stack.client.post(
                "/v1/orders",
                json: try shop.order(number, ["notify_url": .text(address)]).json(),
                headers: ["traceparent": "00-\(traceID)-00f067aa0ba902b7-01"])
            let orderNo = try #require(taken["order_no"], "\(taken.text)")
            try await stack.pay(taken)
            let delivery = try await eventually("the merchant is notified") {
                await receiver.deliveries.first
            }
            let parts = try #require(delivery.traceparent).split(separator: "-")
            #expect(parts.count == 4)
            #expect(parts[1] == traceID)
            #expect(parts[2] != "00f067aa0ba902b7", "each attempt is a part of its own")

            let scenario = try await stack.tally("orders", "show", orderNo)
            #expect(scenario.output.contains("trace: \(traceID)"), "\(scenario.output)")
            for (topic, key) in [
                ("orders.submitted", "M2005"), ("orders.accepted", orderNo),
                ("orders.changed", orderNo),
            ] {
                let records = try await stack.records(of: topic) { record in
                    record.key == Array(key.utf8) && record.traceparent?.contains(traceID) == true
                }
                #expect(!records.isEmpty, "\(topic) has no record of the trace")
            }
            // Each role that touched it says so.
            try await eventually("all roles have logged it") {
                let lines = stack.process.errors.split(separator: "\n")
                    .filter { $0.contains(traceID) }
                return ["gateway", "signature", "callback"].allSatisfy { role in
                    lines.contains { $0.contains("role=\(role)") }
                } && lines.contains { $0.contains("delivery_id=") }
            }
        }
    }

    @Test func anOrderWithoutATraceGetsOne() async throws {
        let shop = try stack.shop("M2005")
        let taken = try await stack.submit(shop.order(Shop.number()))
        let orderNo = try #require(taken["order_no"], "\(taken.text)")
        let scenario = try await stack.tally("orders", "show", orderNo, "--json")
        #expect(scenario.output.contains(/"trace_id":"[0-9a-f]{32}"/), "\(scenario.output)")
    }

    @Test func metricsIncludePoolAndProducer() async throws {
        let text = try await stack.client.get("/metrics").text
        for name in [
            "tally_database_connections{state=\"in_use\"}", "tally_database_waiting",
            "tally_producer_queue_records",
        ] {
            #expect(text.contains(name), "\(name) is missing:\n\(text)")
        }
    }
}

extension RunningStack {
    /// The records of a topic that are wanted.
    fileprivate func records(
        of topic: String, where isWanted: (KafkaRecord) -> Bool
    ) async throws -> [KafkaRecord] {
        let reader = try KafkaReader(
            settings: KafkaSettings(brokers: endpoints.kafkaBrokers), topics: [topic],
            from: .beginning, logger: quiet)
        try await reader.waitUntilPositioned()
        let found = try await eventually("\(topic) is read") { () -> [KafkaRecord]? in
            let some = try await reader.poll(maxRecords: 5_000, wait: .milliseconds(200))
                .filter(isWanted)
            return some.isEmpty ? nil : some
        }
        await reader.close()
        return found
    }
}

import Events
import Kafka
import Postgres
import TestStack
import WorkerRuntime

/// Defects planted into a run that was sound, one after the other: the auditor must find each.
struct PlantedDefects: Sendable {
    let stack: FaultStack
    let feed: Feed
    let auditor: Auditor

    private struct Defect: Sendable {
        let name: String
        /// How the breach that names it begins.
        let sign: String
        let put: @Sendable (PlantedDefects, Int) async throws -> Void
    }

    /// Whether each was found.
    func check() async throws -> Bool {
        var areFound = true
        var known: Set<String> = []
        for (number, plant) in Self.all.enumerated() {
            try await plant.put(self, number)
            let report = try await auditor.audit(feed.acknowledged).report
            let new = report.breaches.filter { !known.contains($0) }
            known.formUnion(new)
            let isFound = new.contains { $0.hasPrefix(plant.sign) }
            areFound = areFound && isFound
            print("planted \(plant.name): \(isFound ? "found" : "NOT FOUND"): \(new)")
        }
        return areFound
    }

    private static let all = [
        Defect(name: "a skipped offset", sign: "lost: submission") { plants, number in
            try await plants.skip(number)
        },
        Defect(name: "an order stored twice", sign: "doubled: submission") { plants, _ in
            try await plants.copyOrder()
        },
        Defect(name: "a payment applied twice", sign: "doubled: order") { plants, _ in
            try await plants.payAgain()
        },
        Defect(name: "a lost outbox row", sign: "lost: submission") { plants, number in
            try await plants.loseAnswer(number)
        },
        Defect(name: "an outbox row left over", sign: "lost: 1 outbox rows") { plants, _ in
            try await plants.leaveRow()
        },
        Defect(name: "an answer under another event_id", sign: "doubled: submission") {
            plants, number in
            try await plants.answerAgain(number)
        },
        Defect(name: "changes published in the wrong order", sign: "wrong: order") { plants, _ in
            try await plants.swapChanges()
        },
    ]

    // A record that the worker skipped: the offset has moved past it, and it had no effect.
    private func skip(_ number: Int) async throws {
        let place = try await feed.plant(number)
        try await pass(place)
    }

    private func copyOrder() async throws {
        try await stack.query(
            """
            insert into orders select (jsonb_populate_record(o, jsonb_build_object(
                'order_no', 'TWICE', 'merchant_order_no', 'TWICE',
                'accepted_event_id', gen_random_uuid()))).*
            from orders o where order_no = (select min(order_no) from orders)
            """)
    }

    private func payAgain() async throws {
        try await stack.query(
            """
            with paid as (
                update orders set version = version + 1
                where order_no = (select order_no from orders where status = 'paid'
                    order by order_no limit 1)
                returning order_no, version)
            insert into order_events
            select order_no, version, gen_random_uuid(), 'order.paid', 'notify', '', now(), now()
            from paid
            """)
    }

    // The effect is there, the offset has moved, and the events went with the row.
    private func loseAnswer(_ number: Int) async throws {
        let (place, submission) = try await feed.plantWithEventID(number)
        try await pass(place)
        try await stack.query(
            """
            insert into orders select (jsonb_populate_record(o, jsonb_build_object(
                'order_no', 'UNPUBLISHED', 'merchant_order_no', 'UNPUBLISHED', 'status', 'accepted',
                'version', 1, 'is_late', false, 'submission_id', '\(submission)',
                'accepted_event_id', gen_random_uuid()))).*
            from orders o where order_no = (select min(order_no) from orders)
            """)
    }

    private func leaveRow() async throws {
        try await stack.query(
            """
            insert into outbox (worker, sources, events, event_count)
            values ('signature', '{}', '', 1)
            """)
    }

    private func answerAgain(_ number: Int) async throws {
        let rows = try await stack.query(
            """
            select order_no, submission_id::text from orders
            where order_no like 'T%' and order_no <> 'TWICE' order by order_no desc limit 1
            """)
        let (orderNo, submission) = (try rows[0].text(0), try rows[0].text(1))
        let event = """
            {"event_id":"\(EventID.make(at: SystemClock().now()))","order_no":"\(orderNo)",\
            "submission_id":"\(submission)","repeated":false}
            """
        try await feed.publish(event, key: orderNo, to: OrderAccepted.topic)
    }

    // An order of three versions, the third of which is published first.
    private func swapChanges() async throws {
        let orderNo = "T-SWAPPED"
        try await stack.query(
            """
            insert into orders select (jsonb_populate_record(o, jsonb_build_object(
                'order_no', '\(orderNo)', 'merchant_order_no', 'SWAPPED', 'version', 3))).*
            from orders o where order_no = (select min(order_no) from orders where status = 'paid')
            """)
        let rows = try await stack.query(
            """
            insert into order_events
            select '\(orderNo)', n, gen_random_uuid(), 'order.paid', 'notify', '', now(), now()
            from generate_series(2, 3) n returning version, event_id::text
            """)
        for row in rows.reversed() {
            let event = """
                {"event_id":"\(try row.text(1))","order_no":"\(orderNo)",\
                "version":\(try row.int32(0))}
                """
            try await feed.publish(event, key: orderNo, to: OrderChanged.topic)
        }
    }

    private func pass(_ place: Acknowledgement) async throws {
        try await stack.query(
            """
            update consumer_offsets set next_offset = \(place.offset + 1)
            where worker = 'signature' and topic = '\(place.topicPartition.topic)'
                and partition = \(place.topicPartition.partition)
            """)
    }
}

import Channels
import Events
import Kafka
import Payments
import Postgres
import Store
import WorkerRuntime

/// Decides on submitted orders: checks every signature, copies the chain of rates into what it
/// accepts, and answers each submission with `orders.accepted` or `orders.rejected`.
public struct SignatureWorker: Worker {
    /// A submission fit to be decided on.
    public struct Item: Sendable {
        let submission: OrderSubmitted
        let traceparent: String?
    }

    public let name = "signature"
    public let topics = [OrderSubmitted.topic]

    private let directory: Directory
    private let channel: any PaymentChannel
    private let account: ChannelAccount

    /// - Parameters:
    ///   - directory: who may sell what, signed how.
    ///   - channel: signs where the payer pays; it isn't asked anything.
    ///   - account: whom the payer pays at the channel.
    public init(directory: Directory, channel: any PaymentChannel, account: ChannelAccount) {
        self.directory = directory
        self.channel = channel
        self.account = account
    }

    public func prepare(_ records: [KafkaRecord]) async -> [Preparation<Item>] {
        await records.mappedInParallel { record in
            do throws(EventCodecError) {
                let submission = try EventCodec.decode(OrderSubmitted.self, from: record.value)
                // One trace to the last delivery: a system that sends none gets one here.
                let trace = record.traceparent ?? TraceContext.new().description
                return .ready(Item(submission: submission, traceparent: trace))
            } catch {
                return .poison(Poison(reason: error.reason, error: error.detail))
            }
        }
    }

    public func apply(
        _ items: [Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        let parties = Set(items.flatMap { $0.submission.order.partyNos })
        let entries = try await directory.entries(of: parties, in: transaction)
        let check = SubmissionCheck(entries: entries, account: account, now: now)
        let decisions = await items.mappedInParallel { check.decide($0.submission, $0.traceparent) }

        var answers = Answers(items: items, now: now)
        var accepted: [Int: NewOrder] = [:]
        for (index, decision) in decisions.enumerated() {
            switch decision {
            case .accept(let order): accepted[index] = order
            case .refuse(let refusal): answers.refuse(index, refusal)
            }
        }
        try await store(accepted, &answers, in: transaction)
        if !answers.rejections.isEmpty {
            _ = try await transaction.run(InsertRejections(answers.rejections))
        }
        return BatchEffect(
            events: try await answers.events(paidThrough: channel),
            rejectedCount: answers.rejections.count)
    }

    /// Stores what was accepted. A number that was used before is answered like the first time if
    /// the content is the same, and refused if it isn't.
    private func store(
        _ accepted: [Int: NewOrder], _ answers: inout Answers, in transaction: PostgresTransaction
    ) async throws {
        guard !accepted.isEmpty else { return }
        let candidates = accepted.sorted { $0.key < $1.key }
        let eventIDs = candidates.map { EventID.make(at: $0.value.acceptedAt) }
        let inserted = Set(
            try await transaction.run(
                InsertOrders(candidates.map(\.value), eventIDs: eventIDs)))
        var used: [(index: Int, order: NewOrder)] = []
        for (position, candidate) in candidates.enumerated() {
            // A record may come twice in one batch under the same order number; the row is its own.
            if inserted.contains(candidate.value.orderNo),
                answers.accept(candidate.key, candidate.value, eventID: eventIDs[position])
            {
                continue
            }
            used.append((candidate.key, candidate.value))
        }
        guard !used.isEmpty else { return }
        let existing = try await transaction.run(
            ExistingOrders(
                merchantNos: used.map(\.order.request.merchantNo),
                merchantOrderNos: used.map(\.order.request.merchantOrderNo)))
        for (index, order) in used {
            let first = existing.first { row in
                row.merchantNo == order.request.merchantNo
                    && row.merchantOrderNo == order.request.merchantOrderNo
            }
            if let first, first.contentDigest == order.contentDigest {
                answers.repeated(index, first)
            } else {
                answers.refuse(index, .numberUsed(by: first?.orderNo))
            }
        }
    }
}

extension OrderRequest {
    /// The merchant and every agent that signed.
    var partyNos: [String] { [merchantNo] + agentSignatures.map(\.agentNo) }
}

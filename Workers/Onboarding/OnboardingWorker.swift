import Events
public import Kafka
public import Payments
public import Postgres
import Store
public import WorkerRuntime

/// Makes each application that was entered due: its steps are done by ``OnboardingSweep``.
public struct OnboardingWorker: Worker {
    public let name = "onboarding"
    public let topics = [MerchantApplied.topic]

    public init() {}

    /// Decodes the numbers; what else an application is stands in the database alone.
    public func prepare(_ records: [KafkaRecord]) async -> [Preparation<String>] {
        records.map { record in
            do throws(EventCodecError) {
                return .ready(
                    try EventCodec.decode(MerchantApplied.self, from: record.value).applicationNo)
            } catch {
                return .poison(Poison(reason: error.reason, error: error.detail))
            }
        }
    }

    public func apply(
        _ items: [String], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        var effect = BatchEffect()
        let known = Set(try await transaction.run(ScheduleApplications(items, now: now)))
        for (index, applicationNo) in items.enumerated() where !known.contains(applicationNo) {
            effect.poison[index] = Poison(
                reason: "application_unknown",
                error: "there is no application \(PrintableText.of(applicationNo, maximum: 64))")
        }
        return effect
    }
}

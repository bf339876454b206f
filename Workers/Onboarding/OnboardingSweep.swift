public import Channels
import Events
public import Logging
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Takes the applications of merchants through the channel, a step at a time: blacklist, review by
/// people, images, consult, create, and the party with its login.
public struct OnboardingSweep: Sweep {
    public let name = "onboarding"
    public let concurrency = 4

    private let channel: any OnboardingChannel
    private let sealer: Sealer
    private let outbox: TransactionalOutbox
    private let clock: any BusinessClock
    private let logger: Logger

    /// - Parameters:
    ///   - sealer: opens forms and images.
    ///   - outbox: stores outcomes with their events.
    public init(
        channel: any OnboardingChannel, sealer: Sealer, outbox: TransactionalOutbox,
        clock: any BusinessClock, logger: Logger
    ) {
        self.channel = channel
        self.sealer = sealer
        self.outbox = outbox
        self.clock = clock
        self.logger = logger
    }

    public func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimApplications.Row] {
        try await connection.run(ClaimApplications(limit: limit, now: now))
    }

    public func perform(_ job: ClaimApplications.Row) async throws {
        let now = clock.now()
        let sealed = SealedApplication(job.applicationNo, sealer: sealer)
        let (form, images) = try await outbox.run { transaction in
            let form = try await sealed.form(version: job.version, in: transaction)
            let images = try await transaction.run(
                ApplicationImagesOf(
                    job.applicationNo, version: job.version, readsContent: job.step == .images))
            return ([], (form, images))
        }
        guard job.step != .activate else { return try await activate(job, form, at: now) }
        do {
            let outcome: StepOutcome
            if job.step == .images {
                outcome = try await upload(images, sealed, job, at: now)
            } else {
                let numbers = images.compactMap { image in
                    image.channelImageNo.map { (image.kind, $0) }
                }
                outcome = try await OnboardingSteps(
                    channel: channel, form: form,
                    images: Dictionary(uniqueKeysWithValues: numbers), job: job, now: now
                ).run()
            }
            try await record(job, outcome, at: now)
        } catch let error as ChannelError {
            logger.warning(
                "the channel gave no usable answer about an application; repeated by the schedule",
                metadata: [
                    "application_no": "\(job.applicationNo)", "step": "\(job.step.rawValue)",
                    "attempt": "\(job.attempt)", "error": "\(error)",
                ])
            try await record(job, StepOutcome(nil, answer: "no answer: \(error)"), at: now)
        }
    }

    /// Uploads the images that aren't yet, each stored before the next: a crash repeats one.
    private func upload(
        _ images: [ApplicationImagesOf.Row], _ sealed: SealedApplication,
        _ job: ClaimApplications.Row, at now: Timestamp
    ) async throws -> StepOutcome {
        for row in images where row.channelImageNo == nil {
            let image = try sealed.image(row)
            let number: String
            do throws(ChannelError) {
                number = try await channel.upload(image, now: now)
            } catch .refused(let code, _, let message) {
                return StepOutcome(
                    .refused(
                        "the channel refused an image: \(message)",
                        [FieldProblem(.images, "\(row.kind.rawValue): \(message)")]),
                    answer: "refused with \(code)")
            }
            let stored = SetChannelImageNo(job, row.kind, channelImageNo: number)
            try await outbox.run { transaction in
                _ = try await transaction.run(stored)
                return []
            }
        }
        return StepOutcome(.on(.consult), answer: "\(images.count) images are uploaded")
    }

    private func record(
        _ job: ClaimApplications.Row, _ outcome: StepOutcome, at now: Timestamp
    ) async throws {
        let nextAt = now.adding(
            RetrySchedule.inquiry.next(afterAttempt: Int(job.attempt) - 1) ?? .seconds(3_600))
        try await outbox.run { transaction in
            let held = try await transaction.run(
                CompleteApplicationStep(job, outcome, nextAt: nextAt, now: now))
            guard !held.isEmpty, let move = outcome.move else { return [] }
            _ = try await transaction.run(
                MoveApplication(applicationNo: job.applicationNo, to: move, now: now))
            guard let reason = move.refusalText else { return [] }
            return [
                try OutgoingEvent(
                    MerchantReviewed.refused(
                        job.applicationNo, agentNo: job.parentNo, reason: reason, at: now))
            ]
        }
    }

    // Party, rates, card, login, state and event in one transaction. What is in the way is shown
    // with the application, and tried again by the schedule: the channel has opened the merchant.
    private func activate(
        _ job: ClaimApplications.Row, _ form: ApplicationForm, at now: Timestamp
    ) async throws {
        do {
            try await outbox.run { transaction in
                let held = try await transaction.run(
                    CompleteApplicationStep(
                        job, StepOutcome(nil, answer: "done"), nextAt: now, now: now))
                let found = try await transaction.run(LockApplication(job.applicationNo)).first
                guard !held.isEmpty, let application = found,
                    let channelMerchantNo = application.channelMerchantNo
                else { return [] }
                let merchantNo = try await Activation(
                    application: application, form: form, actor: "onboarding", sealer: sealer,
                    now: now
                ).run(channelMerchantNo: channelMerchantNo, in: transaction)
                return [
                    try OutgoingEvent(
                        MerchantReviewed.approved(
                            job.applicationNo, agentNo: job.parentNo, merchantNo: merchantNo,
                            channelMerchantNo: channelMerchantNo, at: now))
                ]
            }
        } catch let refusal as ApplicationRefusal {
            logger.warning(
                "a merchant that the channel opened can't be activated; repeated by the schedule",
                metadata: [
                    "application_no": "\(job.applicationNo)", "error": "\(refusal)",
                ])
            try await record(job, StepOutcome(nil, answer: "waits: \(refusal)"), at: now)
        }
    }
}

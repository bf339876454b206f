import Channels
import Payments
import Store

/// One step of a merchant's application at the channel.
///
/// A registration is never sent before the channel was queried for one of the same number: after a
/// crash, or a lost answer, the query finds what was sent.
struct OnboardingSteps: Sendable {
    let channel: any OnboardingChannel
    let form: ApplicationForm
    /// The channel's numbers of the images that are uploaded.
    let images: [DocumentKind: String]
    let job: ClaimApplications.Row
    let now: Timestamp

    // So often a query of the blacklist is repeated; then a person decides without it.
    private static let blacklistAttempts: Int32 = 5

    /// What the registration is called at the channel: each version is one of its own.
    var externalNo: String { "\(job.applicationNo)V\(job.version)" }

    /// Does a step but `images` and `activate`, which store something on their way.
    func run() async throws(ChannelError) -> StepOutcome {
        switch job.step {
        case .blacklist: await blacklist()
        case .consult: try await send(.consult, then: .consultResult)
        case .create: try await send(.create, then: .createResult)
        case .consultResult: try await result(of: .consult)
        case .createResult: try await result(of: .create)
        case .images, .activate: StepOutcome(nil, answer: "")
        }
    }

    private func blacklist() async -> StepOutcome {
        do throws(ChannelError) {
            let answer = try await channel.blacklist(
                of: form, externalNo: externalNo, now: now)
            switch answer.result {
            case .clear: return StepOutcome(.toReview, answer: "clear", blacklist: .clear)
            case .unclear:
                return StepOutcome(
                    .toReview, answer: "unclear: the reviewer decides", blacklist: .unclear)
            case .listed:
                let fields = answer.listed.map(\.field.rawValue).joined(separator: ", ")
                return StepOutcome(
                    .refused("the channel's blacklist has: \(fields)", answer.listed),
                    answer: "listed: \(fields)", blacklist: .listed)
            }
        } catch {
            guard job.attempt >= Self.blacklistAttempts else {
                return StepOutcome(nil, answer: "no answer: \(error)")
            }
            return StepOutcome(
                .toReview, answer: "no answer in \(job.attempt) attempts: the reviewer decides",
                blacklist: .unclear)
        }
    }

    private func send(
        _ phase: RegistrationPhase, then next: OnboardingStep
    ) async throws(ChannelError) -> StepOutcome {
        let state = try await channel.registration(externalNo: externalNo, phase: phase, now: now)
        guard state == .notFound else {
            return StepOutcome(.on(next), answer: "the channel has it already")
        }
        do throws(ChannelError) {
            try await channel.register(
                form, images: images, externalNo: externalNo, phase: phase, now: now)
        } catch .refused(let code, _, let message) {
            return StepOutcome(
                .refused("the channel refused it: \(message)"), answer: "refused with \(code)")
        }
        return StepOutcome(.on(next), answer: "sent")
    }

    private func result(of phase: RegistrationPhase) async throws(ChannelError) -> StepOutcome {
        switch try await channel.registration(externalNo: externalNo, phase: phase, now: now) {
        case .notFound:
            // It was taken, and is gone: sent again, after another query.
            return StepOutcome(
                .on(phase == .consult ? .consult : .create), answer: "the channel has none")
        case .auditing: return StepOutcome(nil, answer: "the channel is auditing it")
        case .waitsForMerchant:
            return StepOutcome(nil, answer: "the merchant must confirm it at the channel")
        case .refused(let reason, let fields):
            return StepOutcome(
                .refused("the channel refused it: \(reason)", fields), answer: "refused: \(reason)")
        case .done(let number):
            guard phase == .create else { return StepOutcome(.on(.create), answer: "passed") }
            guard let number else {
                throw .unknownOutcome(reason: "the merchant is open and has no number")
            }
            return StepOutcome(
                .on(.activate), answer: "open as \(number)", channelMerchantNo: number)
        }
    }
}

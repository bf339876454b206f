import Channels
import Payments
import Store
import Synchronization
import TestApplications
import TestRandom
import Testing

@testable import Onboarding

/// A merchant's way through the channel, whatever is lost on it.
@Suite struct OnboardingStepsTests {
    /// A channel that makes a merchant of each call, and loses calls and answers.
    private final class LossyChannel: OnboardingChannel {
        struct State {
            var random: SplitMix64
            var losses: Int
            var sent: [RegistrationPhase] = []
            var queries = 0
        }

        let state: Mutex<State>

        init(seed: UInt64, losses: Int) {
            state = Mutex(State(random: SplitMix64(seed: seed), losses: losses))
        }

        /// `before`: nothing was done; else the answer is lost.
        private func lose(before: Bool) throws(ChannelError) {
            let isLost = state.withLock { state in
                guard state.losses > 0, Int.random(in: 0..<2, using: &state.random) == 0 else {
                    return false
                }
                state.losses -= 1
                return true
            }
            if isLost { throw .unknownOutcome(reason: before ? "not sent" : "answer lost") }
        }

        func blacklist(
            of form: ApplicationForm, externalNo: String, now: Timestamp
        ) async throws(ChannelError) -> BlacklistAnswer {
            try lose(before: true)
            return BlacklistAnswer(.clear)
        }

        func upload(_ image: DocumentImage, now: Timestamp) async throws(ChannelError) -> String {
            "i"
        }

        func register(
            _ form: ApplicationForm, images: [DocumentKind: String], externalNo: String,
            phase: RegistrationPhase, now: Timestamp
        ) async throws(ChannelError) {
            try lose(before: true)
            state.withLock { $0.sent.append(phase) }
            try lose(before: false)
        }

        func registration(
            externalNo: String, phase: RegistrationPhase, now: Timestamp
        ) async throws(ChannelError) -> RegistrationState {
            try lose(before: true)
            return state.withLock { state in
                guard state.sent.contains(phase) else { return .notFound }
                state.queries += 1
                guard state.queries.isMultiple(of: 3) else { return .auditing }
                return .done(channelMerchantNo: phase == .create ? "2088000000000101" : nil)
            }
        }
    }

    private func job(_ step: OnboardingStep, attempt: Int32 = 1) -> ClaimApplications.Row {
        ClaimApplications.Row(
            applicationNo: "AP1", version: 1, step: step, attempt: attempt, parentNo: "A1")
    }

    private func steps(
        _ channel: any OnboardingChannel, _ step: OnboardingStep, attempt: Int32 = 1
    ) throws -> OnboardingSteps {
        OnboardingSteps(
            channel: channel, form: try SampleApplication.form(), images: [:],
            job: job(step, attempt: attempt), now: Timestamp(microseconds: 0))
    }

    @Test func aMerchantIsCreatedOnceWhateverIsLost() async throws {
        let seed = SplitMix64.seedFromEnvironment()
        for round in 0..<200 as Range<UInt64> {
            let channel = LossyChannel(seed: seed &+ round, losses: 30)
            var random = SplitMix64(seed: seed ^ round)
            var step = OnboardingStep.consult
            var tries = 0
            while step != .activate, tries < 500 {
                tries += 1
                guard let outcome = try? await steps(channel, step).run() else { continue }
                // A crash before the outcome is stored: the step is done again.
                guard Int.random(in: 0..<3, using: &random) > 0 else { continue }
                if let move = outcome.move {
                    let next = OnboardingStep.allCases.first { ApplicationMove.on($0) == move }
                    step = try #require(next, "seed \(seed) round \(round)")
                }
            }
            #expect(step == .activate, "seed \(seed) round \(round)")
            #expect(
                channel.state.withLock(\.sent) == [.consult, .create],
                "seed \(seed) round \(round)")
        }
    }

    /// A channel that never answers.
    private struct SilentChannel: OnboardingChannel {
        private static let silence = ChannelError.unknownOutcome(reason: "no answer")

        func blacklist(
            of form: ApplicationForm, externalNo: String, now: Timestamp
        ) async throws(ChannelError) -> BlacklistAnswer { throw Self.silence }

        func upload(_ image: DocumentImage, now: Timestamp) async throws(ChannelError) -> String {
            throw Self.silence
        }

        func register(
            _ form: ApplicationForm, images: [DocumentKind: String], externalNo: String,
            phase: RegistrationPhase, now: Timestamp
        ) async throws(ChannelError) { throw Self.silence }

        func registration(
            externalNo: String, phase: RegistrationPhase, now: Timestamp
        ) async throws(ChannelError) -> RegistrationState { throw Self.silence }
    }

    @Test func withoutAnAnswerOfTheBlacklistAPersonDecides() async throws {
        for attempt in 1...4 as ClosedRange<Int32> {
            let outcome = try await steps(SilentChannel(), .blacklist, attempt: attempt).run()
            #expect(outcome.move == nil && outcome.blacklist == nil)
        }
        let last = try await steps(SilentChannel(), .blacklist, attempt: 5).run()
        #expect(last.move == .toReview && last.blacklist == .unclear)
    }

    /// Answers of the channel, each as it is.
    private struct SetChannel: OnboardingChannel {
        var blacklist = BlacklistAnswer(.clear)
        var state = RegistrationState.notFound
        var refusal: ChannelError?

        func blacklist(
            of form: ApplicationForm, externalNo: String, now: Timestamp
        ) async throws(ChannelError) -> BlacklistAnswer { blacklist }

        func upload(_ image: DocumentImage, now: Timestamp) async throws(ChannelError) -> String {
            "i"
        }

        func register(
            _ form: ApplicationForm, images: [DocumentKind: String], externalNo: String,
            phase: RegistrationPhase, now: Timestamp
        ) async throws(ChannelError) { if let refusal { throw refusal } }

        func registration(
            externalNo: String, phase: RegistrationPhase, now: Timestamp
        ) async throws(ChannelError) -> RegistrationState { state }
    }

    @Test func whoeverIsListedIsRefusedAndAGradedOneIsReviewed() async throws {
        let problem = FieldProblem(.legalPersonIDNo, "listed")
        let listed = try await steps(
            SetChannel(blacklist: BlacklistAnswer(.listed, listed: [problem])), .blacklist
        ).run()
        #expect(listed.move?.refusalText?.contains("legal_person_id_no") == true)
        #expect(listed.blacklist == .listed)
        let unclear = try await steps(
            SetChannel(blacklist: BlacklistAnswer(.unclear)), .blacklist
        ).run()
        #expect(unclear.move == .toReview && unclear.blacklist == .unclear)
    }

    @Test func aRefusalOfTheChannelIsFinalAndSilenceIsNot() async throws {
        let refused = ChannelError.refused(code: "INVALID_PARAMETER", subCode: nil, message: "mcc")
        let first = try await steps(SetChannel(refusal: refused), .create).run()
        #expect(first.move?.refusalText == "the channel refused it: mcc")
        let fields = [FieldProblem(.cardNo, "the holder differs")]
        let second = try await steps(
            SetChannel(state: .refused(reason: "card", fields: fields)), .createResult
        ).run()
        #expect(second.move == .refused("the channel refused it: card", fields))
        for state in [RegistrationState.auditing, .waitsForMerchant] {
            #expect(
                try await steps(SetChannel(state: state), .createResult).run().move == nil)
        }
        await #expect(throws: ChannelError.self) {
            try await steps(SetChannel(state: .done(channelMerchantNo: nil)), .createResult).run()
        }
        #expect(try await steps(SetChannel(), .createResult).run().move == .on(.create))
    }
}

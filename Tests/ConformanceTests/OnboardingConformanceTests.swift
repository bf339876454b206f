import Channels
import Payments
import TestApplications
import Testing

@testable import Simulator

/// The Alipay adapter registers merchants at the simulated channel.
@Suite struct OnboardingConformanceTests {
    private let test: AlipayUnderTest
    private let channel: any OnboardingChannel

    init() async throws {
        test = try await AlipayUnderTest()
        channel = try #require(test.channel as? any OnboardingChannel)
    }

    private var now: Timestamp { test.clock.now() }

    private func images() async throws -> [DocumentKind: String] {
        var numbers: [DocumentKind: String] = [:]
        for image in try SampleApplication.images() {
            numbers[image.kind] = try await channel.upload(image, now: now)
        }
        return numbers
    }

    private func register(
        _ form: ApplicationForm, _ phase: RegistrationPhase, images: [DocumentKind: String]
    ) async throws {
        try await channel.register(
            form, images: images, externalNo: "AP1V1", phase: phase, now: now)
    }

    private func state(_ phase: RegistrationPhase) async throws -> RegistrationState {
        try await channel.registration(externalNo: "AP1V1", phase: phase, now: now)
    }

    private func later() { test.clock.move(to: now.adding(seconds: 30)) }

    @Test func aMerchantIsCheckedThenOpenedUnderANumberOfTheChannel() async throws {
        let form = try SampleApplication.form()
        let answer = try await channel.blacklist(of: form, externalNo: "AP1V1", now: now)
        #expect(answer == BlacklistAnswer(.clear))
        let images = try await images()
        #expect(Set(images.values).count == 3)
        #expect(try await state(.consult) == .notFound)
        try await register(form, .consult, images: images)
        #expect(try await state(.consult) == .auditing)
        later()
        #expect(try await state(.consult) == .done(channelMerchantNo: nil))
        #expect(try await state(.create) == .notFound)
        try await register(form, .create, images: images)
        later()
        guard case .done(let number?) = try await state(.create) else {
            Issue.record("it isn't open")
            return
        }
        #expect(number.hasPrefix("2088") && number.count == 16)
        #expect(await test.simulated.createdMerchants() == ["AP1V1"])
        #expect(await test.simulated.violations() == [])
    }

    @Test(arguments: FaultyTransport.Fault.allCases)
    func aCreateWhoseAnswerIsLostIsFoundByItsNumber(fault: FaultyTransport.Fault) async throws {
        let form = try SampleApplication.form()
        let images = try await images()
        test.network.failNext(fault)
        await #expect(throws: ChannelError.self) {
            try await register(form, .create, images: images)
        }
        let isThere = try await state(.create) != .notFound
        #expect(isThere == (fault != .lostRequest))
        // Sent again all the same, the channel makes no second one.
        if isThere {
            let error = await #expect(throws: ChannelError.self) {
                try await register(form, .create, images: images)
            }
            #expect(error?.isTransient == true)
            #expect(await test.simulated.createdMerchants() == ["AP1V1"])
        }
    }

    @Test func theBlacklistsAnswersAreListedGradedOrClear() async throws {
        let listed = try await channel.blacklist(
            of: try SampleApplication.form(name: "黑名单公司"), externalNo: "AP1V1", now: now)
        #expect(listed.result == .listed)
        #expect(listed.listed.map(\.field) == [.legalPersonIDNo])
        let graded = try await channel.blacklist(
            of: try SampleApplication.form(name: "风险未知公司"), externalNo: "AP1V1", now: now)
        #expect(graded == BlacklistAnswer(.unclear))
    }

    @Test func refusalsNameTheField() async throws {
        let images = try await images()
        try await register(
            try SampleApplication.form(name: "风控拒绝公司"), .consult, images: images)
        later()
        #expect(
            try await state(.consult)
                == .refused(
                    reason: "风控审核不通过", fields: [FieldProblem(.name, "经营范围不符")]))
        try await register(
            try SampleApplication.form(name: "卡拒绝公司"), .create, images: images)
        later()
        #expect(
            try await state(.create)
                == .refused(
                    reason: "卡审核不通过", fields: [FieldProblem(.cardNo, "结算卡户名不一致")]))
    }

    @Test func whatIsMissingIsAFinalRefusal() async throws {
        let error = await #expect(throws: ChannelError.self) {
            try await register(try SampleApplication.form(), .create, images: [:])
        }
        #expect(error?.isTransient == false, "\(String(describing: error))")
        #expect(await test.simulated.createdMerchants() == [])
    }
}

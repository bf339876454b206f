import Channels
import Payments
import Testing

@testable import Simulator

/// The adapter in certificate mode against a gateway in certificate mode.
@Suite struct CertificateConformanceTests {
    @Test func everyMessageIsVerifiedWithTheCertificateThatItNames() async throws {
        let test = try await AlipayUnderTest(certificateNo: AlipayUnderTest.certificateNo)
        let notices = try await test.paid("T1")
        let notice = try #require(notices.first)
        #expect(try test.channel.observation(ofNotification: notice).kind == .paid)
        #expect(try await test.query("T1").1?.kind == .paid)
        #expect(try await test.refund("T1", "R1", 1_000).outcome == .done)
        #expect(try await test.queryRefund("T1", "R1").outcome == .done)
        try await test.open("T2")
        let closed = try await test.channel.close(orderNo: "T2", now: test.clock.now())
        #expect(closed.outcome == .done)
        #expect(await test.simulated.violations() == [])
    }

    @Test func aCertificateThatIsNotConfiguredProvesNothing() async throws {
        let test = try await AlipayUnderTest(certificateNo: "0123456789abcdef0123456789abcdef")
        let notice = try #require(try await test.paid("T1").first)
        #expect {
            try test.channel.observation(ofNotification: notice)
        } throws: {
            ($0 as? ChannelMessageError)?.reason == "unknown_key"
        }
        await #expect(throws: ChannelError.self) { _ = try await test.query("T1") }
    }
}

import Foundation
import Logging
import Payments
import Testing

@testable import Alipay
@testable import Channels

/// Certificate mode. The numbers were computed by python-alipay-sdk from the same files.
@Suite("Certificate mode")
struct CertificateTests {
    private static let alipayNo = "b4042f89c763da99dd2f316450765ef0"
    private static let rootNos =
        "e818ac3c3f75d49e16f6e3d67d91954f_9730b7a0a6354ab57f1a74407b034a04"

    private func files(_ change: (inout AlipayCertificateFiles) throws -> Void = { _ in }) throws
        -> AlipayCertificateFiles
    {
        var files = AlipayCertificateFiles(
            appPEM: try Vectors.text("keys/app_cert.crt"),
            alipayPEM: try Vectors.text("keys/alipay_cert.crt"),
            rootsPEM: try Vectors.text("keys/alipay_root.crt"))
        try change(&files)
        return files
    }

    private func channel(
        _ transport: TransportDouble = TransportDouble([]),
        _ change: (inout AlipayCertificateFiles) throws -> Void = { _ in }
    ) throws -> AlipayChannel {
        var configuration = try Made.configuration()
        configuration.alipayPublicKeyPEM = ""
        configuration.certificates = try files(change)
        return try AlipayChannel(
            configuration, transport: transport, logger: Logger(label: "test"))
    }

    @Test func numbersAreThoseOfThePublishedSDK() throws {
        let app = try #require(
            AlipayCertificate.all(in: try Vectors.text("keys/app_cert.crt")).first)
        #expect(app.number == "9df32f75527fcc0716d1b9883d94bb82")
        let alipay = AlipayCertificate.all(in: try Vectors.text("keys/alipay_cert.crt"))
        #expect(alipay.first?.number == Self.alipayNo)
        #expect(alipay.count == 2)
        // A root signed with ECDSA isn't named; one with a Chinese name is.
        let roots = AlipayCertificate.all(in: try Vectors.text("keys/alipay_root.crt"))
        #expect(roots.map(\.isSignedWithRSA) == [true, false, true])
        #expect(
            roots.filter(\.isSignedWithRSA).map(\.number).joined(separator: "_") == Self.rootNos)
    }

    @Test func requestsNameTheAppsCertificateAndTheRoots() throws {
        let request = PayRequest(
            orderNo: "O1", amount: Money(fen: 1), subject: "s", product: .app,
            expiresAt: Made.now)
        guard case .parameters(let text) = try channel().payHandle(for: request, now: Made.now)
        else {
            Issue.record("an app's payment is no address")
            return
        }
        let form = try AlipayForm(received: Array(text.utf8))
        try Made.app().verifier.verify(form, .request)
        #expect(try form.text("app_cert_sn") == "9df32f75527fcc0716d1b9883d94bb82")
        #expect(try form.text("alipay_root_cert_sn") == Self.rootNos)
    }

    /// A signed query's answer that names a certificate.
    private func answer(_ certificateNo: String?, by signer: AlipaySigner) throws -> [UInt8] {
        let node = #"{"code":"10000","out_trade_no":"O1","trade_status":"WAIT_BUYER_PAY"}"#
        let plain = String(
            decoding: try signer.response(method: "alipay.trade.query", node: node),
            as: UTF8.self)
        guard let certificateNo else { return Array(plain.utf8) }
        return Array((plain.dropLast() + #","alipay_cert_sn":"\#(certificateNo)"}"#).utf8)
    }

    @Test func anAnswerIsVerifiedWithTheCertificateThatItNames() async throws {
        let genuine = try answer(Self.alipayNo, by: try Made.alipay())
        let seen = try await channel(TransportDouble(genuine)).query(
            orderNo: "O1", now: Made.now)
        #expect(seen.outcome == .done)
        let wrong: [([UInt8], String)] = [
            (try answer(Self.alipayNo, by: try Made.attacker()), "not the channel's"),
            (try answer("ffff", by: try Made.alipay()), "certificate ffff"),
            (try answer(nil, by: try Made.alipay()), "no certificate"),
        ]
        for (raw, text) in wrong {
            do throws(ChannelError) {
                _ = try await (try channelOrFail(TransportDouble(raw)))
                    .query(orderNo: "O1", now: Made.now)
                Issue.record("accepted: \(text)")
            } catch {
                guard case .unknownOutcome(let reason) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(reason.contains(text))
            }
        }
    }

    private func channelOrFail(_ transport: TransportDouble) throws(ChannelError) -> AlipayChannel {
        do { return try channel(transport) } catch { throw .configuration("\(error)") }
    }

    @Test func aNotificationIsVerifiedWithTheCertificateThatItNames() throws {
        let fields = [
            ("app_id", Made.appID), ("out_trade_no", "O1"), ("trade_status", "TRADE_SUCCESS"),
            ("total_amount", "1.00"), ("sign_type", "RSA2"),
        ]
        func body(_ signer: AlipaySigner, _ number: String) throws -> [UInt8] {
            let form = try AlipayForm(fields + [("alipay_cert_sn", number)])
            return Array(try signer.signed(form, .notification).encoded.utf8)
        }
        let channel = try channel()
        let genuine = try body(try Made.alipay(), Self.alipayNo)
        #expect(try channel.observation(ofNotification: genuine).kind == .paid)
        let other = try body(try Made.alipay(), "ffff")
        #expect(throws: ChannelMessageError.unknownKey("certificate ffff")) {
            try channel.observation(ofNotification: other)
        }
        let forged = try body(try Made.attacker(), Self.alipayNo)
        #expect(throws: ChannelMessageError.badSignature) {
            try channel.observation(ofNotification: forged)
        }
    }

    @Test func certificatesThatDoNotBelongTogetherAreRefusedAtTheStart() throws {
        let attacker = try Vectors.text("keys/attacker_cert.crt")
        let changes: [((inout AlipayCertificateFiles) -> Void, String)] = [
            ({ $0.appPEM = attacker }, "of another key"), ({ $0.appPEM = "" }, "app's certificate"),
            ({ $0.alipayPEM = attacker }, "not issued by a root"),
            ({ $0.alipayPEM += attacker }, "not issued by a root"),
            ({ $0.alipayPEM = "none" }, "no PEM"), ({ $0.rootsPEM = "" }, "no certificate"),
        ]
        for (change, text) in changes {
            #expect {
                _ = try channel(TransportDouble([]), change)
            } throws: { error in
                guard case .configuration(let reason) = error as? ChannelError else { return false }
                return reason.contains(text)
            }
        }
    }
}

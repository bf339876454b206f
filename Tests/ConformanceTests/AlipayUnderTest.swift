import Alipay
import Channels
import Foundation
import Logging
import Payments
import Synchronization
import Testing

@testable import Simulator

/// The Alipay adapter on the simulator's gateway, without sockets.
final class AlipayUnderTest: ChannelUnderTest {
    let channel: any PaymentChannel
    let network: FaultyTransport
    let clock: MovableClock
    let simulated: SimulatedAlipay
    private let posts = NotificationPosts()
    private let alipayKey: AlipaySigner

    // Generated once for all tests of the process.
    private static let keys = Task {
        try await SampleKeys.ensure(
            folder: NSTemporaryDirectory() + "tally-conformance-\(getpid())")
    }

    /// The number of the channel's test certificate in `Tests/Vectors`.
    static let certificateNo = "b4042f89c763da99dd2f316450765ef0"

    // The published test keys, which the test certificates are of.
    private static let certifiedKeys = Task {
        let folder = NSTemporaryDirectory() + "tally-conformance-certified-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let names: [(SampleKeyFile, String)] = [
            (.appPrivate, "app_private_pkcs8.pem"), (.appPublic, "app_public.pem"),
            (.alipayPrivate, "alipay_private_pkcs8.pem"), (.alipayPublic, "alipay_public.pem"),
        ]
        for (file, name) in names {
            try vector(name).write(
                toFile: "\(folder)/\(file.rawValue)", atomically: true, encoding: .utf8)
        }
        return try await SampleKeys.ensure(folder: folder)
    }

    private static func vector(_ name: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: tests.appending(path: "Vectors/keys/\(name)"), encoding: .utf8)
    }

    /// - Parameter certificateNo: the certificate that the gateway's messages name, in certificate
    ///   mode; `nil` for plain keys.
    init(certificateNo: String? = nil) async throws {
        let isCertified = certificateNo != nil
        let keys = try await (isCertified ? Self.certifiedKeys : Self.keys).value
        clock = MovableClock(try #require(Timestamp(shanghai: "2026-11-20 10:00:00")))
        alipayKey = try AlipaySigner(privateKeyPEM: try keys.text(of: .alipayPrivate))
        let identity = AlipayIdentity.sample
        simulated = SimulatedAlipay(
            identity: identity,
            wire: try AlipayWire(
                identity: identity, keys: keys, certificateNo: certificateNo),
            clock: clock, rate: try Rate(ppm: 3_800), baseURL: "http://simulator.test",
            notifier: AlipayNotifier(transport: posts, clock: clock))
        network = FaultyTransport(SimulatedGateway(alipay: simulated, clock: clock))
        channel = try AlipayChannel(
            AlipayConfiguration(
                gatewayURL: "http://simulator.test/gateway.do", appID: identity.appID,
                sellerID: identity.sellerID, appPrivateKeyPEM: try keys.text(of: .appPrivate),
                alipayPublicKeyPEM: try keys.text(of: .alipayPublic),
                notifyURL: "http://platform.test/v1/channels/alipay/notify",
                certificates: isCertified
                    ? AlipayCertificateFiles(
                        appPEM: try Self.vector("app_cert.crt"),
                        alipayPEM: try Self.vector("alipay_cert.crt"),
                        rootsPEM: try Self.vector("alipay_root.crt")) : nil),
            transport: network, logger: Logger(label: "test"))
    }

    func open(_ handle: PayHandle) async throws {
        let query = try #require(handle.url?.split(separator: "?", maxSplits: 1).last)
        let page = await simulated.respond(
            to: try AlipayParameters(query: String(query), body: []))
        guard case .cashier = page else {
            Issue.record("no cashier but \(page)")
            return
        }
    }

    func pay(_ orderNo: String, foreignAppFirst: Bool) async throws -> [[UInt8]] {
        var faults = ChannelFaults()
        faults.wrongApp = foreignAppFirst
        await simulated.setFaults(faults, orderNo: orderNo)
        _ = await simulated.pay(orderNo: orderNo)
        await simulated.work()
        return posts.take()
    }

    /// Sends what is due and returns the bodies.
    func notifications() async -> [[UInt8]] {
        await simulated.work()
        return posts.take()
    }

    func forgedNotification(orderNo: String) async throws -> [UInt8] {
        Array(await simulated.forgedNotification(orderNo: orderNo, amount: Subject.amount).utf8)
    }

    func signedSuccess(of answer: ChannelAnswer) throws -> [UInt8] {
        let node =
            #"{"code":"10000","msg":"Success","trade_status":"TRADE_SUCCESS","fund_change":"Y","#
            + #""refund_status":"REFUND_SUCCESS","total_amount":"100.00","refund_fee":"100.00","#
            + #""refund_amount":"100.00"}"#
        return try alipayKey.response(method: answer.method, node: node)
    }

    func unsigned(_ notification: [UInt8]) throws -> [UInt8] {
        let pairs = notification.split(separator: UInt8(ascii: "&"))
        let kept = pairs.filter { !$0.starts(with: Array("sign=".utf8)) }
        #expect(kept.count == pairs.count - 1)
        return Array(kept.joined(separator: [UInt8(ascii: "&")]))
    }
}

/// The simulator's gateway and bill download.
private struct SimulatedGateway: ChannelTransport {
    let alipay: SimulatedAlipay
    let clock: MovableClock

    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        let parts = request.url.split(separator: "?", maxSplits: 1).map(String.init)
        let query = parts.count > 1 ? parts[1] : ""
        do {
            let type = request.headers.first { $0.name == "content-type" }?.value ?? ""
            let file = MultipartFile.bytes(
                of: "image_content", in: request.body, contentType: type)
            let parameters = try AlipayParameters(
                query: query, body: file == nil ? request.body : [])
            if parts[0].hasSuffix(BillLink.path) {
                guard let link = BillLink(query: parameters.values), link.isValid(at: clock.now())
                else { return TransportAnswer(status: 403, body: []) }
                return TransportAnswer(
                    status: 200, body: try await alipay.serveBill(of: link.day))
            }
            switch await alipay.respond(to: parameters, file: file) {
            case .json(let text), .late(let text, _):
                return TransportAnswer(status: 200, body: Array(text.utf8))
            case .bytes(let bytes, _) where bytes.count > request.answerLimit:
                throw ChannelError.unknownOutcome(reason: "the answer is too long")
            case .bytes(let bytes, let status):
                return TransportAnswer(status: status, body: bytes)
            case .lost: throw ChannelError.unknownOutcome(reason: "the connection ended")
            case .cashier, .refusedPage, .redirect, .paidPage:
                return TransportAnswer(status: 404, body: [])
            }
        } catch {
            throw .unknownOutcome(reason: "\(error)")
        }
    }
}

/// The notifications' bodies, each acknowledged.
private final class NotificationPosts: NotificationTransport {
    private let bodies = Mutex<[[UInt8]]>([])

    func post(_ notification: AlipayNotification) async -> Bool {
        bodies.withLock { $0.append(Array(notification.body.utf8)) }
        return true
    }

    func take() -> [[UInt8]] {
        bodies.withLock { bodies in
            defer { bodies = [] }
            return bodies
        }
    }
}

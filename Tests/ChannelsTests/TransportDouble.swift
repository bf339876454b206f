import Logging
import Payments
import Synchronization

@testable import Alipay
@testable import Channels

/// Answers in the order of its list, and keeps the requests.
final class TransportDouble: ChannelTransport {
    private let answers: Mutex<[Result<TransportAnswer, ChannelError>]>
    private let sent = Mutex<[TransportRequest]>([])

    init(_ answers: [Result<TransportAnswer, ChannelError>]) { self.answers = Mutex(answers) }

    convenience init(_ body: [UInt8], status: Int = 200) {
        self.init([.success(TransportAnswer(status: status, body: body))])
    }

    var requests: [TransportRequest] { sent.withLock { $0 } }

    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        sent.withLock { $0.append(request) }
        let next = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let next else { throw .unknownOutcome(reason: "the double has no more answers") }
        return try next.get()
    }
}

/// The test keys and a channel made with them.
enum Made {
    static let now = Timestamp(shanghai: "2026-11-20 10:15:30") ?? Timestamp(microseconds: 0)
    static let appID = "2021004100000001"
    static let sellerID = "2088721000000001"

    static func app() throws -> AlipaySigner {
        try AlipaySigner(privateKeyPEM: try Vectors.text("keys/app_private_pkcs8.pem"))
    }

    static func alipay() throws -> AlipaySigner {
        try AlipaySigner(privateKeyPEM: try Vectors.text("keys/alipay_private_pkcs1.pem"))
    }

    static func attacker() throws -> AlipaySigner {
        try AlipaySigner(privateKeyPEM: try Vectors.text("keys/attacker_private_pkcs8.pem"))
    }

    static func alipayVerifier() throws -> AlipayVerifier {
        try AlipayVerifier(publicKeyPEM: try Vectors.text("keys/alipay_public.pem"))
    }

    static func configuration() throws -> AlipayConfiguration {
        AlipayConfiguration(
            gatewayURL: "https://gateway.example.test/gateway.do", appID: appID,
            sellerID: sellerID,
            appPrivateKeyPEM: try Vectors.text("keys/app_private_pkcs8.pem"),
            alipayPublicKeyPEM: try Vectors.text("keys/alipay_public.pem"),
            notifyURL: "https://pay.example.test/v1/channels/alipay/notify")
    }

    static func channel(_ transport: TransportDouble = TransportDouble([])) throws
        -> AlipayChannel
    {
        try AlipayChannel(
            try configuration(), transport: transport, logger: Logger(label: "test"))
    }
}

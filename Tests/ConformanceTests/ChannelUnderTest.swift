import Channels
import Payments

/// A payment channel with its other side in this process: the cashier, the payer and the posts of
/// notifications.
protocol ChannelUnderTest: Sendable {
    var channel: any PaymentChannel { get }
    /// Between the adapter and the channel's other side.
    var network: FaultyTransport { get }
    var clock: MovableClock { get }

    /// The payer's browser opens the pay URL.
    func open(_ handle: PayHandle) async throws

    /// The payer pays an opened order.
    /// - Parameter foreignAppFirst: whether a signed notification for another app is posted before
    ///   the right one.
    /// - Returns: the notifications' bodies, in order.
    func pay(_ orderNo: String, foreignAppFirst: Bool) async throws -> [[UInt8]]

    /// A notification of a payment, signed with a key that isn't the channel's.
    func forgedNotification(orderNo: String) async throws -> [UInt8]

    /// A success of the same call, signed by the channel, that names no order and no refund.
    func signedSuccess(of answer: ChannelAnswer) throws -> [UInt8]

    /// The notification without its signature.
    func unsigned(_ notification: [UInt8]) throws -> [UInt8]
}

/// The channels that the suite runs against.
enum Subject: CaseIterable, Sendable {
    case alipay
    case second

    /// Of every order of these tests.
    static let amount = Money(fen: 10_000)

    func start() async throws -> any ChannelUnderTest {
        switch self {
        case .alipay: try await AlipayUnderTest()
        case .second: try SecondChannelUnderTest()
        }
    }
}

extension ChannelUnderTest {
    func request(_ orderNo: String) -> PayRequest {
        PayRequest(
            orderNo: orderNo, amount: Subject.amount, subject: "龙井茶, 250 克", product: .pc,
            expiresAt: clock.now().adding(seconds: 1_800))
    }

    /// Opens an order of 100.00 yuan.
    func open(_ orderNo: String) async throws {
        try await open(try channel.payHandle(for: request(orderNo), now: clock.now()))
    }

    /// Opens and pays an order.
    func paid(_ orderNo: String) async throws -> [[UInt8]] {
        try await open(orderNo)
        return try await pay(orderNo, foreignAppFirst: false)
    }

    func query(_ orderNo: String) async throws -> (ChannelAnswer, ChannelObservation?) {
        let answer = try await channel.query(orderNo: orderNo, now: clock.now())
        return (answer, try observation(of: answer, orderNo))
    }

    func queryRefund(_ orderNo: String, _ refundNo: String) async throws -> ChannelAnswer {
        try await channel.queryRefund(orderNo: orderNo, refundNo: refundNo, now: clock.now())
    }

    func refund(_ orderNo: String, _ refundNo: String, _ fen: Int64) async throws -> ChannelAnswer {
        try await channel.refund(
            orderNo: orderNo, refundNo: refundNo, amount: Money(fen: fen), reason: "退货",
            now: clock.now())
    }

    func observation(
        of answer: ChannelAnswer, _ orderNo: String, refundNo: String? = nil
    ) throws -> ChannelObservation? {
        try channel.observation(
            ofAnswer: answer.rawBody, method: answer.method, orderNo: orderNo, refundNo: refundNo)
    }
}

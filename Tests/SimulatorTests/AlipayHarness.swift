import CryptoExtras
import Foundation
import Payments
import Synchronization
import WorkerRuntime

@testable import Simulator

/// A channel without sockets, its keys, and a platform that replies to notifications.
final class AlipayHarness: Sendable {
    let clock: StandingClock
    let alipay: SimulatedAlipay
    let platform: PlatformDouble
    private let appKey: _RSA.Signing.PrivateKey
    private let alipayKey: _RSA.Signing.PublicKey
    let identity = AlipayIdentity.sample

    init(start: String = "2026-11-20 10:00:00", acknowledges: Bool = true) async throws {
        let keys = try await Self.keys.value
        clock = StandingClock(Timestamp(shanghai: start)!)
        platform = PlatformDouble(acknowledges: acknowledges)
        appKey = try _RSA.Signing.PrivateKey(pemRepresentation: keys.text(of: .appPrivate))
        alipayKey = try _RSA.Signing.PublicKey(pemRepresentation: keys.text(of: .alipayPublic))
        alipay = SimulatedAlipay(
            identity: identity, wire: try AlipayWire(identity: identity, keys: keys),
            clock: clock, rate: try Rate(ppm: 3800), baseURL: "http://simulator",
            notifier: AlipayNotifier(transport: platform, clock: clock))
    }

    /// Keys are made once for all tests.
    private static let keys = Task {
        try await SampleKeys.ensure(
            folder: NSTemporaryDirectory() + "tally-simulator-tests-\(getpid())")
    }

    /// A signed call, its body form-encoded.
    func call(_ method: String, _ content: String, corrupt: Bool = false) async throws
        -> AlipayResponse
    {
        var fields: [(name: String, value: String)] = [
            ("app_id", identity.appID), ("method", method), ("format", "JSON"),
            ("charset", "utf-8"), ("sign_type", "RSA2"), ("timestamp", clock.now().shanghai),
            ("version", "1.0"), ("notify_url", "http://platform/notify"),
            ("biz_content", content),
        ]
        let text = fields.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
        let sign = try appKey.signature(for: Array(text.utf8), padding: .insecurePKCS1v1_5)
        if corrupt { fields[8].value += " " }
        let body = FormCoding.encode(
            fields + [("sign", sign.rawRepresentation.base64EncodedString())])
        return await alipay.respond(to: try AlipayParameters(query: "", body: Array(body.utf8)))
    }

    /// The node of a response and whether Alipay signed exactly its bytes.
    func node(_ response: AlipayResponse) -> (fields: [String: String], isSigned: Bool) {
        guard case .json(let text) = response, let start = text.range(of: "_response\":"),
            let end = text.range(of: "}", range: start.upperBound..<text.endIndex)
        else { return ([:], false) }
        let raw = String(text[start.upperBound..<end.upperBound])
        let fields = try? JSONDecoder().decode([String: String].self, from: Data(raw.utf8))
        let outer = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let sign = (outer?["sign"] as? String).flatMap { Data(base64Encoded: $0) }
        return (fields ?? [:], sign.map { isSigned(raw, by: $0) } ?? false)
    }

    /// Whether Alipay's key made a notification's signature.
    func isSigned(_ form: [String: String]) -> Bool {
        let text = AlipayWire.callbackText(form.map { (name: $0.key, value: $0.value) })
        guard let sign = form["sign"].flatMap({ Data(base64Encoded: $0) }) else { return false }
        return isSigned(text, by: sign)
    }

    private func isSigned(_ text: String, by signature: Data) -> Bool {
        alipayKey.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: Array(text.utf8),
            padding: .insecurePKCS1v1_5)
    }

    /// Opens the cashier of an order of 100.00 yuan that expires at 10:30.
    func open(_ orderNo: String) async throws -> AlipayResponse {
        try await call(
            "alipay.trade.page.pay",
            #"{"out_trade_no":"\#(orderNo)","total_amount":"100.00","subject":"茶, 250g","#
                + #""product_code":"FAST_INSTANT_TRADE_PAY","time_expire":"2026-11-20 10:30:00"}"#)
    }
}

/// A clock that tests move.
final class StandingClock: BusinessClock {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp) { time = Mutex(start) }

    func now() -> Timestamp { time.withLock { $0 } }

    func move(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }

    func sleep(until deadline: Timestamp) async throws {
        while now() < deadline { try await Task.sleep(for: .milliseconds(1)) }
    }
}

/// What the platform received, as decoded forms.
actor PlatformDouble: NotificationTransport {
    var acknowledges: Bool
    private(set) var forms: [[String: String]] = []

    init(acknowledges: Bool) { self.acknowledges = acknowledges }

    func accept() { acknowledges = true }

    func post(_ notification: AlipayNotification) async -> Bool {
        let form = try? AlipayParameters(query: "", body: Array(notification.body.utf8))
        forms.append(form?.values ?? [:])
        return acknowledges
    }
}

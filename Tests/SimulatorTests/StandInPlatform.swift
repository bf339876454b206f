import CryptoExtras
import Events
import Foundation
import Hummingbird
import NIOCore
import Payments
import WorkerRuntime

@testable import Simulator

/// Just enough of the gateway to play a day against: checks signatures, replies by the contract,
/// returns signed pay addresses and acknowledges every notification.
actor StandInPlatform: RecordPublisher {
    private struct Taken {
        let content: String
        let reply: [UInt8]
    }

    private let simulator: Simulator
    private let signer: PartySigner
    private let appKey: _RSA.Signing.PrivateKey
    private let clock: any BusinessClock
    private let baseURL: String
    private var taken: [String: Taken] = [:]
    private(set) var published: [(topic: String, value: [UInt8])] = []
    private(set) var notifications = 0

    init(simulator: Simulator, clock: any BusinessClock, baseURL: String) throws {
        self.simulator = simulator
        self.clock = clock
        self.baseURL = baseURL
        signer = try PartySigner(parties: simulator.parties, keys: simulator.keys)
        appKey = try _RSA.Signing.PrivateKey(
            pemRepresentation: simulator.keys.text(of: .appPrivate))
    }

    nonisolated func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("/v1/orders") { request, _ in
            let body = try await request.body.collect(upTo: 65_536)
            return await self.order(Array(buffer: body))
        }
        router.get("/v1/orders/:number") { _, _ in Response(status: .notFound) }
        router.post("/v1/orders/:number/close") { _, _ in Response(status: .ok) }
        router.post("/v1/orders/:number/refunds") { _, _ in Response(status: .ok) }
        router.post("/v1/channels/alipay/notify") { _, _ in
            await self.notified()
            return SimulatorResponse.text("success")
        }
        return router
    }

    func publish(topic: String, key: String, value: [UInt8]) async throws {
        published.append((topic, value))
        guard topic == OrderSubmitted.topic,
            let event = try? EventCodec.decode(OrderSubmitted.self, from: value)
        else { return }
        _ = order(event.order.json())
    }

    private func notified() { notifications += 1 }

    private func order(_ body: [UInt8]) -> Response {
        guard let order = try? EventCodec.decode(OrderRequest.self, from: body) else {
            return Response(status: .badRequest)
        }
        guard let merchant = simulator.parties.party(order.merchantNo) else {
            return Response(status: .forbidden)
        }
        let skew = abs(clock.now().seconds(since: order.timestamp))
        guard skew <= 600, isSigned(order) else { return Response(status: .unauthorized) }
        guard merchant.rate(for: order.product) != nil else { return Response(status: .forbidden) }
        let key = order.merchantNo + "/" + order.merchantOrderNo
        if let earlier = taken[key] {
            return earlier.content == order.businessContent
                ? SimulatorResponse.json(earlier.reply) : Response(status: .conflict)
        }
        let reply = Array(reply(to: order, number: taken.count + 1).utf8)
        taken[key] = Taken(content: order.businessContent, reply: reply)
        return SimulatorResponse.json(reply, status: .created)
    }

    /// The merchant's signature, and each agent's over the one before its own.
    private func isSigned(_ order: OrderRequest) -> Bool {
        let text = order.fields.stringToSign()
        func holds(_ signature: RequestSignature, _ text: String, _ party: String) -> Bool {
            signer.verify(
                signature.sign, over: text, partyNo: party,
                signType: signature.signType.rawValue, version: signature.keyVersion)
        }
        guard holds(order.signature, text, order.merchantNo) else { return false }
        var before = order.signature.sign
        for agent in order.agentSignatures {
            guard holds(agent.signature, text + "&sign=" + before, agent.agentNo) else {
                return false
            }
            before = agent.signature.sign
        }
        return true
    }

    private func reply(to order: OrderRequest, number: Int) -> String {
        let orderNo = "2026112000000\(number)"
        let method: AlipayMethod =
            switch order.product {
            case .pc: .pagePay
            case .wap: .wapPay
            case .app: .appPay
            }
        let expiry = clock.now().adding(seconds: order.expiresInSeconds ?? 1800)
        let content = OrderedJSON.object([
            ("out_trade_no", orderNo), ("total_amount", order.amount.yuan),
            ("subject", order.subject), ("product_code", method.productCode ?? ""),
            ("time_expire", expiry.shanghai),
        ])
        var fields: [(name: String, value: String)] = [
            ("app_id", simulator.config.identity.appID), ("method", method.rawValue),
            ("charset", "utf-8"), ("sign_type", "RSA2"), ("timestamp", clock.now().shanghai),
            ("version", "1.0"), ("notify_url", baseURL + "/v1/channels/alipay/notify"),
            ("biz_content", content),
        ]
        if let returnURL = order.returnURL { fields.append(("return_url", returnURL)) }
        let text = fields.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
        let sign = try? appKey.signature(for: Array(text.utf8), padding: .insecurePKCS1v1_5)
        fields.append(("sign", sign?.rawRepresentation.base64EncodedString() ?? ""))
        let query = FormCoding.encode(fields)
        return OrderedJSON.object([
            ("order_no", orderNo), ("status", "accepted"),
            order.product == .app
                ? ("pay_params", query)
                : ("pay_url", simulator.config.alipayGatewayURL + "?" + query),
        ])
    }
}

/// Always quiet: the stand-in does everything at once.
struct AlwaysQuiet: Quiescence {
    func isQuiet() async throws -> Bool { true }
}

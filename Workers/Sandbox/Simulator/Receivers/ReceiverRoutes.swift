import Events
import Foundation
import Hummingbird
import NIOCore
import Payments

/// `POST /receivers/{party_no}` and `GET /receivers/log`.
struct ReceiverRoutes: Sendable {
    let receivers: Receivers
    let signer: PartySigner
    /// How long a hanging receiver holds a connection, in real time.
    let hangTime: Duration

    private static let bodyLimit = 64 * 1024

    func add(to router: Router<BasicRequestContext>) {
        router.get("/receivers/log") { _, _ in
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return SimulatorResponse.json(Array(try encoder.encode(await receivers.log())))
        }
        router.post("/receivers/:party_no") { request, context in
            try await take(request, partyNo: context.parameters.get("party_no") ?? "")
        }
    }

    private func take(_ request: Request, partyNo: String) async throws -> Response {
        let body = Array(buffer: try await request.body.collect(upTo: Self.bodyLimit))
        guard let delivery = delivery(body, of: request, partyNo: partyNo) else {
            return SimulatorResponse.text("fail: not a delivery", status: .badRequest)
        }
        switch await receivers.take(delivery) {
        case .acknowledge: return SimulatorResponse.text("success")
        case .bodyFail: return SimulatorResponse.text("fail")
        case .status500:
            return SimulatorResponse.text("internal error", status: .internalServerError)
        case .refuse:
            return SimulatorResponse.text("fail: bad signature", status: .unauthorized)
        case .hang:
            try await Task.sleep(for: hangTime)
            return SimulatorResponse.text("fail")
        }
    }

    /// Reads a delivery's body and verifies its signature with the party's own key.
    private func delivery(
        _ body: [UInt8], of request: Request, partyNo: String
    ) -> ReceivedDelivery? {
        guard let fields = try? EventCodec.decode(RequestFields.self, from: body) else {
            return nil
        }
        func text(_ name: String) -> String? { fields.scalars[name]?.signedText }
        guard let eventID = text("event_id"), let event = text("event"),
            let merchantOrderNo = text("merchant_order_no"), let signType = text("sign_type"),
            let version = text("key_version").flatMap({ Int($0) }), let sign = text("sign")
        else { return nil }
        let isSigned = signer.verify(
            sign, over: fields.stringToSign(), partyNo: partyNo, signType: signType,
            version: version)
        let header = request.headers.first { $0.name.canonicalName == "tally-delivery-id" }
        return ReceivedDelivery(
            partyNo: partyNo, deliveryID: header?.value ?? "", eventID: eventID, event: event,
            orderNo: text("order_no") ?? "", merchantOrderNo: merchantOrderNo,
            amountFen: text("amount_fen").flatMap { Int64($0) } ?? 0,
            refundedFen: text("refunded_fen").flatMap { Int64($0) } ?? 0,
            status: text("status") ?? "", isSigned: isSigned)
    }
}

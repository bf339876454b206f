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
        guard let delivery = delivery(body, partyNo: partyNo) else {
            return SimulatorResponse.text("fail: not a callback", status: .badRequest)
        }
        switch await receivers.take(delivery) {
        case .acknowledge: return SimulatorResponse.text("success")
        case .bodyFail: return SimulatorResponse.text("fail")
        case .status500:
            return SimulatorResponse.text("out of order", status: .internalServerError)
        case .refuse:
            return SimulatorResponse.text("fail: bad signature", status: .unauthorized)
        case .hang:
            try await Task.sleep(for: hangTime)
            return SimulatorResponse.text("fail")
        }
    }

    /// Reads a callback's body and checks its signature with the party's own key.
    private func delivery(_ body: [UInt8], partyNo: String) -> ReceivedDelivery? {
        guard let members = try? EventCodec.decode(RequestFields.self, from: body),
            let eventID = members.scalars["event_id"]?.signedText,
            let event = members.scalars["event"]?.signedText,
            let merchantOrderNo = members.scalars["merchant_order_no"]?.signedText,
            let signType = members.scalars["sign_type"]?.signedText,
            let version = members.scalars["key_version"]?.signedText.flatMap({ Int($0) }),
            let sign = members.scalars["sign"]?.signedText
        else { return nil }
        let isSigned = signer.verify(
            sign, over: members.stringToSign(), partyNo: partyNo, signType: signType,
            version: version)
        return ReceivedDelivery(
            partyNo: partyNo, eventID: eventID, event: event, merchantOrderNo: merchantOrderNo,
            isSigned: isSigned)
    }
}

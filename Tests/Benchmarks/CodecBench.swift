import Events
import Foundation
import Payments
import TestStack

/// One core: reading a submission, the string to sign with two MD5 signatures, writing an event.
struct CodecBench {
    private let rounds = 5
    private let count = 20_000

    func run(into table: inout Table) {
        guard let maker = try? OrderMaker(), let record = try? maker.record(1),
            let event = try? EventCodec.decode(OrderSubmitted.self, from: record),
            let merchant = try? SigningKey(signType: .md5, secret: SmallBusiness.secret),
            let agent = try? SigningKey(signType: .md5, secret: SmallBusiness.agentSecret),
            let signed = event.order.agentSignatures.first?.signature.sign
        else { return }
        let data = Data(record)
        var (ours, general, checks, writes) = ([Double](), [Double](), [Double](), [Double]())
        // Interleaved, so that other load on the machine slows all of them alike.
        for _ in 0..<rounds {
            ours.append(
                rate { (try? EventCodec.decode(OrderSubmitted.self, from: record)) != nil })
            general.append(
                rate { (try? JSONDecoder().decode(GeneralSubmission.self, from: data)) != nil })
            checks.append(
                rate {
                    let text = event.order.fields.stringToSign()
                    let sign = event.order.signature.sign
                    return merchant.verify(sign, over: text)
                        && agent.verify(signed, over: text + "&sign=" + sign)
                })
            writes.append(rate { !Self.answer(to: event).json().isEmpty })
        }
        let (mine, theirs) = (median(ours), median(general))
        table.add("decode a submission, JSONDecoder", theirs, "\(record.count) bytes, one core")
        table.add("decode a submission", mine, ratio(mine, theirs) + " of JSONDecoder")
        table.add("string to sign and two MD5 checks", median(checks), "one core")
        table.add("encode an event", median(writes), "one core")
    }

    private func rate(_ body: () -> Bool) -> Double {
        let start = ContinuousClock.now
        var good = 0
        for _ in 0..<count where body() { good += 1 }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return good == count ? Double(count) / seconds : 0
    }

    private func median(_ rates: [Double]) -> Double { rates.sorted()[rates.count / 2] }

    private static func answer(to event: OrderSubmitted) -> OrderAccepted {
        OrderAccepted(
            envelope: event.envelope, orderNo: event.orderNo,
            merchantNo: event.order.merchantNo, merchantOrderNo: event.order.merchantOrderNo,
            product: event.order.product, amountFen: event.order.amount, status: .accepted,
            acceptedAt: event.receivedAt, expiresAt: event.receivedAt,
            submissionID: event.envelope.eventID, repeated: false)
    }
}

/// The same submission for Foundation's decoder: the fields that are required, no more.
private struct GeneralSubmission: Decodable {
    struct Order: Decodable {
        struct Agent: Decodable {
            let agent_no, sign_type, sign: String
            let key_version: Int
        }

        let merchant_no, merchant_order_no, product, currency, subject: String
        let timestamp, nonce, sign_type, sign: String
        let amount_fen, key_version: Int64
        let agent_signatures: [Agent]
    }

    let event_id, event_type, occurred_at, order_no, received_at: String
    let schema_version: Int
    let order: Order
}

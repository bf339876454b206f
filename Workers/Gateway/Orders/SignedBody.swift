import Events
import Hummingbird
import Payments

/// Decodes the fields of a signed call on an order.
enum SignedBody {
    static func fields(ofQuery request: Request) throws(Problem) -> RequestFields {
        do throws(EventCodecError) {
            return try RequestFields(
                query: request.uri.queryParameters.map {
                    (name: String($0.key), value: String($0.value))
                })
        } catch {
            throw .malformed(error.detail)
        }
    }

    static func fields(_ bytes: [UInt8]) throws(Problem) -> RequestFields {
        do throws(EventCodecError) {
            return try EventCodec.decode(RequestFields.self, from: bytes)
        } catch {
            throw .malformed(error.detail)
        }
    }

    /// What a refund's body requests.
    struct Refund: Sendable {
        /// The merchant's number; the idempotency key.
        let merchantRefundNo: String
        let amount: Money
        /// Empty where the merchant gives none.
        let reason: String
    }

    static func refund(_ fields: RequestFields) throws -> Refund {
        let reader = RequestReader(fields: fields)
        do {
            return Refund(
                merchantRefundNo: try reader.name("merchant_refund_no"),
                amount: Money(fen: try reader.integer("amount_fen", in: 1...10_000_000_000)),
                reason: try reader.optionalText("reason", maximum: 256) ?? "")
        } catch let error as EventCodecError {
            throw Problem.malformed(error.detail)
        }
    }
}

import Events
import Payments
import Store
import WorkerRuntime

/// Verifies the calls that the gateway handles itself (show, close, refund): a live key's signature
/// over the fields, made recently.
struct SignedCall: Sendable {
    /// Finds a party with its live keys; `nil` where there is none of that party_no.
    typealias Lookup = @Sendable (_ partyNo: String) async throws -> Directory.Entry?

    private let clock: any BusinessClock
    private let lookup: Lookup

    init(clock: any BusinessClock, lookup: @escaping Lookup) {
        self.clock = clock
        self.lookup = lookup
    }

    /// How far a signed timestamp may be off, in seconds, either way.
    private static let windowSeconds: Int64 = 600

    /// Verifies a call and returns the merchant that signed it.
    /// - Parameters:
    ///   - fields: of the query or the body.
    ///   - merchantOrderNo: of the path. The signature may cover it or not; fields that name
    ///     another order are refused.
    /// - Throws: `Problem` where the call is malformed, unsigned, stale or wrongly signed.
    func merchant(
        _ fields: RequestFields, merchantOrderNo: String
    ) async throws -> Directory.Entry {
        let claim = try Claim(fields, merchantOrderNo: merchantOrderNo)
        let offset = clock.now().seconds(since: claim.timestamp)
        guard abs(offset) <= Self.windowSeconds else {
            throw Problem(
                401, "timestamp_out_of_window",
                "timestamp is \(abs(offset)) s off; \(Self.windowSeconds) s are allowed")
        }
        let signature = claim.signature
        guard let party = try await lookup(claim.merchantNo), party.isMerchant,
            let key = party.key(signature.signType, version: signature.keyVersion)
        else {
            throw Problem(
                401, "unknown_key",
                "\(claim.merchantNo) has no live \(signature.signType.rawValue) key of version "
                    + "\(signature.keyVersion)")
        }
        var withOrder = fields.scalars
        withOrder["merchant_order_no"] = .text(merchantOrderNo)
        let texts = [RequestFields(withOrder).stringToSign(), fields.stringToSign()]
        guard texts.contains(where: { key.verify(signature.sign, over: $0) }) else {
            throw Problem(
                401, "bad_signature",
                "the signature of \(claim.merchantNo) doesn't match the string to sign")
        }
        return party
    }
}

/// Who claims to have signed a call, when and with which key.
private struct Claim {
    let merchantNo: String
    let signature: RequestSignature
    let timestamp: Timestamp

    init(_ fields: RequestFields, merchantOrderNo: String) throws(Problem) {
        let reader = RequestReader(fields: fields)
        do {
            if let named = try reader.optionalText("merchant_order_no", maximum: 64),
                named != merchantOrderNo
            {
                throw Problem.malformed("merchant_order_no differs from the one in the path")
            }
            guard try reader.optionalText("sign", maximum: 4_096) != nil else {
                throw Problem(
                    401, "unsigned", "the request has no signature; its fields must be signed")
            }
            merchantNo = try reader.name("merchant_no")
            signature = try reader.signature()
            timestamp = try reader.time("timestamp")
        } catch let problem as Problem {
            throw problem
        } catch let error as EventCodecError {
            throw .malformed(error.detail)
        } catch {
            throw .malformed("\(error)")
        }
    }
}

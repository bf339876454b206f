import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// Checks calls that the gateway answers by itself: who signed, and that it is fresh.
struct SignedCall: Sendable {
    let directory: Directory
    let clock: any BusinessClock

    /// How far a signed time may be off, in seconds, either way.
    private static let windowSeconds: Int64 = 600

    /// Checks a call's members and returns its merchant.
    /// - Parameter merchantOrderNo: of the path. A body's signature may cover it or not; a body
    ///   that names another order is refused.
    func merchant(
        _ members: RequestFields, merchantOrderNo: String, in transaction: PostgresTransaction
    ) async throws -> Directory.Entry {
        let reader = RequestReader(fields: members)
        let (merchantNo, signature, time) = try read(reader, merchantOrderNo)
        let off = clock.now().seconds(since: time)
        guard abs(off) <= Self.windowSeconds else {
            throw Problem(
                401, "timestamp_out_of_window",
                "timestamp is \(abs(off)) s off; \(Self.windowSeconds) s are allowed")
        }
        let entry = try await directory.entries(of: [merchantNo], in: transaction)[merchantNo]
        guard let entry, entry.isMerchant,
            let key = entry.key(signature.signType, version: signature.keyVersion)
        else {
            throw Problem(
                401, "unknown_key",
                "\(merchantNo) has no live \(signature.signType.rawValue) key of version "
                    + "\(signature.keyVersion)")
        }
        var withOrder = members.scalars
        withOrder["merchant_order_no"] = .text(merchantOrderNo)
        let texts = [RequestFields(withOrder).stringToSign(), members.stringToSign()]
        guard texts.contains(where: { key.verify(signature.sign, over: $0) }) else {
            throw Problem(
                401, "bad_signature",
                "the signature of \(merchantNo) doesn't fit the string to sign")
        }
        return entry
    }

    private func read(
        _ reader: RequestReader, _ merchantOrderNo: String
    ) throws -> (String, RequestSignature, Timestamp) {
        do {
            if let named = try reader.optionalText("merchant_order_no", maximum: 64),
                named != merchantOrderNo
            {
                throw Problem.malformed("merchant_order_no differs from the one in the path")
            }
            guard try reader.optionalText("sign", maximum: 4_096) != nil else {
                throw Problem(
                    401, "unsigned", "the request has no signature; its members must be signed")
            }
            return (
                try reader.name("merchant_no"), try reader.signature(),
                try reader.time("timestamp")
            )
        } catch let error as EventCodecError {
            throw Problem.malformed(error.detail)
        }
    }
}

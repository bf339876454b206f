import Events
import Payments
import Store
import WorkerRuntime

/// Verifies the calls that the gateway handles itself (show, close, refund): a live key's signature
/// over the fields, the order of the path and the action, made recently.
///
/// Order and action are signed, and not sent: so no signature serves for another order or another
/// action.
struct SignedCall: Sendable {
    /// What a call does, as it is signed.
    enum Action: String, Sendable {
        case show = "order.show"
        case close = "order.close"
        case refund = "order.refund"
    }

    /// Finds parties with their live keys; unknown ones have no entry.
    typealias Lookup = @Sendable (_ partyNos: Set<String>) async throws -> Directory.Snapshot

    private let clock: any BusinessClock
    private let quotas: CallerQuotas
    private let lookup: Lookup

    /// - Parameter quotas: count a call before its signature is verified.
    init(clock: any BusinessClock, quotas: CallerQuotas, lookup: @escaping Lookup) {
        self.clock = clock
        self.quotas = quotas
        self.lookup = lookup
    }

    /// How far a signed timestamp may be off, in seconds, either way.
    private static let windowSeconds: Int64 = 600

    /// Verifies a call and returns the merchant that signed it.
    ///
    /// A call that changes something is refused where the merchant isn't active, and where its
    /// orders need its agents' signatures and the call doesn't have them.
    /// - Parameters:
    ///   - fields: of the query or the body.
    ///   - merchantOrderNo: of the path.
    ///   - remoteIP: the address that it came from.
    /// - Throws: `Problem` where the call is malformed, unsigned, stale, wrongly signed, not
    ///   allowed or one too many.
    func merchant(
        _ fields: RequestFields, merchantOrderNo: String, action: Action, remoteIP: String?
    ) async throws -> Directory.Entry {
        let claim = try Claim(fields, merchantOrderNo: merchantOrderNo, action: action)
        let offset = clock.now().seconds(since: claim.timestamp)
        guard abs(offset) <= Self.windowSeconds else {
            throw Problem(
                401, "timestamp_out_of_window",
                "timestamp is \(abs(offset)) s off; \(Self.windowSeconds) s are allowed")
        }
        try quotas.admit(quotas.caller(claim.merchantNo, at: remoteIP))
        let parties = try await lookup(Set(claim.agents.map(\.agentNo) + [claim.merchantNo]))
        guard let party = parties[claim.merchantNo], party.isMerchant else {
            throw Problem.unknownKey(
                claim.merchantNo, claim.signature.signType, claim.signature.keyVersion)
        }
        do throws(ChainSignatures.Fault) {
            try ChainSignatures(parties: parties).verify(
                fields.stringToSign(adding: [
                    "merchant_order_no": merchantOrderNo, "action": action.rawValue,
                ]), of: party, claim.signature, agents: claim.agents,
                isChainRequired: action != .show)
        } catch {
            throw Problem(error, merchantNo: claim.merchantNo)
        }
        guard action == .show || party.isActive else { throw Problem.notActive(party.partyNo) }
        return party
    }
}

/// Who claims to have signed a call, when and with which key.
private struct Claim {
    let merchantNo: String
    let signature: RequestSignature
    let agents: [AgentSignature]
    let timestamp: Timestamp

    init(
        _ fields: RequestFields, merchantOrderNo: String, action: SignedCall.Action
    ) throws(Problem) {
        let reader = RequestReader(fields: fields)
        guard RequestReader.isName(merchantOrderNo) else {
            throw .malformed(
                "merchant_order_no of the path must be 1 to 64 of A-Z, a-z, 0-9, '_', '-' and '.'")
        }
        do {
            for (name, signed) in [
                ("merchant_order_no", merchantOrderNo), ("action", action.rawValue),
            ] {
                if let sent = try reader.optionalText(name, maximum: 64), sent != signed {
                    throw Problem.malformed(
                        "\(name) is signed as '\(signed)' here; leave it out of the request")
                }
            }
            guard try reader.optionalText("sign", maximum: 4_096) != nil else {
                throw Problem(
                    401, "unsigned", "the request has no signature; its fields must be signed")
            }
            merchantNo = try reader.name("merchant_no")
            signature = try reader.signature()
            agents = try reader.agentSignatures()
            timestamp = try reader.time("timestamp")
            _ = try reader.text("nonce", maximum: 64)
        } catch let problem as Problem {
            throw problem
        } catch let error as EventCodecError {
            throw .malformed(error.detail)
        } catch {
            throw .malformed("\(error)")
        }
    }
}

extension Problem {
    static func unknownKey(_ partyNo: String, _ signType: SignType, _ version: Int) -> Problem {
        Problem(
            401, "unknown_key",
            "\(partyNo) has no live \(signType.rawValue) key of version \(version)")
    }

    static func notActive(_ partyNo: String) -> Problem {
        Problem(
            403, "party_not_active",
            "\(partyNo), or an agent above it, is suspended or closed; see the platform's operator")
    }

    fileprivate init(_ fault: ChainSignatures.Fault, merchantNo: String) {
        switch fault {
        case .unknownKey(let partyNo, let signType, let version):
            self = .unknownKey(partyNo, signType, version)
        case .badSignature(let partyNo):
            self.init(
                401, "bad_signature",
                "the signature of \(partyNo) doesn't match the string to sign: every field of the "
                    + "request, merchant_order_no of the path, and the action")
        case .notItsAgent(let partyNo):
            self.init(
                403, "not_an_agent",
                "\(partyNo) is not an agent above \(merchantNo), nearest first")
        case .agentSignatureMissing(let partyNo):
            self.init(
                401, "agent_signature_missing",
                "this call of \(merchantNo) must carry the signature of \(partyNo), as orders do")
        }
    }
}

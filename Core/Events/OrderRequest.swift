import Foundation
public import Payments

/// The body of `POST /v1/orders`: what a merchant asks for, with its signature and its agents'.
///
/// Members that it doesn't know are kept, because they are signed too. A class: it is handed from
/// step to step, and copying a dozen texts each time is work.
public final class OrderRequest: Sendable, JSONReadable {
    /// Who sells.
    public let merchantNo: String
    /// The merchant's own number of the order; the idempotency key.
    public let merchantOrderNo: String
    /// How it is paid.
    public let product: Product
    /// What is paid, in fen.
    public let amount: Money
    /// What the payer sees.
    public let subject: String
    /// Where the merchant wants its callbacks, if not at the address on file.
    public let notifyURL: String?
    /// Where the payer's browser returns to.
    public let returnURL: String?
    /// The payer's address as the merchant saw it.
    public let clientIP: String?
    /// Given back unchanged in callbacks.
    public let attach: String?
    /// How long the payer has, in seconds.
    public let expiresInSeconds: Int64?
    /// When the merchant signed.
    public let timestamp: Timestamp
    /// The signature of the merchant.
    public let signature: RequestSignature
    /// The signatures of the agents' systems it came through, nearest to the merchant first.
    public let agentSignatures: [AgentSignature]
    /// Every signed member as it came.
    public let members: RequestFields

    /// Reads and checks the body: types, presence and the limits of the contract.
    public convenience init(reading cursor: inout JSONCursor) throws {
        try self.init(reading: &cursor, at: "")
    }

    /// - Parameter path: the body's own name and a point, for errors.
    init(reading cursor: inout JSONCursor, at path: String) throws {
        members = try RequestFields(reading: &cursor, at: path)
        let reader = RequestReader(members: members, path: path)
        merchantNo = try reader.name("merchant_no")
        merchantOrderNo = try reader.name("merchant_order_no")
        product = try reader.product()
        amount = Money(fen: try reader.integer("amount_fen", in: 1...10_000_000_000))
        guard try reader.text("currency", maximum: 3) == "CNY" else {
            throw reader.wrong("currency", "must be CNY")
        }
        subject = try reader.text("subject", maximum: 256)
        notifyURL = try reader.httpURL("notify_url")
        returnURL = try reader.httpURL("return_url")
        clientIP = try reader.optionalText("client_ip", maximum: 45)
        attach = try reader.optionalText("attach", maximum: 512)
        expiresInSeconds = try reader.optionalInteger("expires_in_seconds", in: 60...86_400)
        timestamp = try reader.time("timestamp")
        _ = try reader.text("nonce", maximum: 64)
        signature = try reader.signature()
        agentSignatures = try members.agentSignatures.enumerated().map { index, agent in
            let inner = RequestReader(
                members: agent, path: "\(path)\(RequestFields.agentSignaturesName).\(index).")
            return AgentSignature(
                agentNo: try inner.name("agent_no"), signature: try inner.signature())
        }
    }
}

/// A signature beside a request, and which key it claims.
public struct RequestSignature: Sendable, Equatable {
    /// The scheme.
    public let signType: SignType
    /// Which of the party's keys.
    public let keyVersion: Int
    /// The signature itself.
    public let sign: String

    /// A signature by its parts.
    public init(signType: SignType, keyVersion: Int, sign: String) {
        self.signType = signType
        self.keyVersion = keyVersion
        self.sign = sign
    }
}

/// An agent's signature over the request and the signature before its own.
public struct AgentSignature: Sendable, Equatable {
    /// Who signed.
    public let agentNo: String
    /// Its signature.
    public let signature: RequestSignature
}

extension OrderRequest: Equatable {
    /// Whether both say the same: all else is read from the members and the signatures.
    public static func == (left: OrderRequest, right: OrderRequest) -> Bool {
        left.members == right.members && left.signature == right.signature
            && left.agentSignatures == right.agentSignatures
    }
}

extension OrderRequest {
    /// Its JSON: the members as they came.
    public func json() -> [UInt8] { members.json() }

    /// What makes two requests the same order: every business member, without time, nonce and
    /// signatures, as sorted text.
    public var businessContent: String {
        members.stringToSign(leavingOut: [
            "timestamp", "nonce", "sign_type", "key_version", "client_ip",
        ])
    }
}

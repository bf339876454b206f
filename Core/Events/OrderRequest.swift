import Foundation
public import Payments

/// The body of `POST /v1/orders`: a merchant's order, with its signature and its agents'.
///
/// Unknown fields are kept, because they are signed too. A class, so that passing it on copies one
/// reference, not a dozen strings.
public final class OrderRequest: Sendable, JSONReadable {
    /// The merchant's party number.
    public let merchantNo: String
    /// The merchant's own number of the order; the idempotency key.
    public let merchantOrderNo: String
    /// The payment product.
    public let product: Product
    /// The order's amount.
    public let amount: Money
    /// The description that the payer sees.
    public let subject: String
    /// Where this order's deliveries to the merchant go; `nil` for the merchant's callback URL.
    public let notifyURL: String?
    /// Where the payer's browser returns to; `nil` for the channel's own page.
    public let returnURL: String?
    /// The payer's IP address, as the merchant saw it.
    public let clientIP: String?
    /// Text that deliveries carry unchanged.
    public let attach: String?
    /// How long the order can be paid, in seconds; `nil` for the default.
    public let expiresInSeconds: Int64?
    /// When the merchant signed.
    public let timestamp: Timestamp
    /// The signature of the merchant.
    public let signature: RequestSignature
    /// The signatures of the agents' systems that it passed, nearest to the merchant first.
    public let agentSignatures: [AgentSignature]
    /// Every field as received, unknown ones too.
    public let fields: RequestFields

    /// Decodes and validates the body: types, presence and the limits of the contract.
    public convenience init(reading cursor: inout JSONCursor) throws {
        try self.init(reading: &cursor, at: "")
    }

    /// - Parameter path: the body's path in the record, with a dot at its end; for error texts.
    init(reading cursor: inout JSONCursor, at path: String) throws {
        fields = try RequestFields(reading: &cursor, at: path)
        let reader = RequestReader(fields: fields, path: path)
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
        agentSignatures = try reader.agentSignatures()
    }
}

/// A request's signature and the key that it claims.
public struct RequestSignature: Sendable, Equatable {
    /// The scheme.
    public let signType: SignType
    /// The version of the party's key.
    public let keyVersion: Int
    /// The signature: hexadecimal for MD5 and HMAC-SHA256, base64 for RSA2.
    public let sign: String

    /// A signature of these parts.
    public init(signType: SignType, keyVersion: Int, sign: String) {
        self.signType = signType
        self.keyVersion = keyVersion
        self.sign = sign
    }
}

/// An agent's signature over the request and the signature before its own.
public struct AgentSignature: Sendable, Equatable {
    /// The agent's party number.
    public let agentNo: String
    /// The agent's signature.
    public let signature: RequestSignature
}

extension OrderRequest: Equatable {
    /// Whether fields and signatures are equal: all else is decoded from them.
    public static func == (left: OrderRequest, right: OrderRequest) -> Bool {
        left.fields == right.fields && left.signature == right.signature
            && left.agentSignatures == right.agentSignatures
    }
}

extension OrderRequest {
    /// The request as JSON: the fields as received.
    public func json() -> [UInt8] { fields.json() }

    /// The string to sign without time, nonce, key and client address: two requests are the same
    /// order where it is equal.
    public var businessContent: String {
        fields.stringToSign(leavingOut: [
            "timestamp", "nonce", "sign_type", "key_version", "client_ip",
        ])
    }
}

import Events
import Payments

/// The requests of merchants, signed with their keys and their agents'.
struct MerchantRequests: Sendable {
    let parties: SampleParties
    let signer: PartySigner
    /// The address of the parties' systems, without a slash at the end.
    let receiversURL: String

    /// The body of `POST /v1/orders`.
    /// - Parameters:
    ///   - amount: replaces the plan's amount, for other content under the same number.
    ///   - nonce: unique for each request.
    func order(
        _ order: PlannedOrder, now: Timestamp, nonce: String, amount: Money? = nil
    ) throws -> [UInt8] {
        let isStale = order.scenario == .staleTimestamp
        var fields: [String: RequestScalar] = [
            "merchant_no": .text(order.merchantNo),
            "merchant_order_no": .text(order.merchantOrderNo),
            "product": .text(order.product.rawValue),
            "amount_fen": .integer((amount ?? order.amount).fen),
            "currency": .text("CNY"),
            "subject": .text(order.subject),
            "expires_in_seconds": .integer(order.expiresInSeconds),
            "client_ip": .text("203.0.113.7"),
        ]
        if order.namesNotifyURL {
            fields["notify_url"] = .text("\(receiversURL)/receivers/\(order.merchantNo)")
        }
        if let address = order.returnURL { fields["return_url"] = .text(address) }
        if let attach = order.attach { fields["attach"] = .text(attach) }
        var signed = try sign(
            fields, order: order, now: isStale ? now.adding(seconds: -1200) : now, nonce: nonce)
        if order.scenario == .badSignature { signed = signed.corrupted() }
        return signed.bytes()
    }

    /// The body of a close.
    func close(_ order: PlannedOrder, now: Timestamp, nonce: String) throws -> [UInt8] {
        try call("order.close", [:], order: order, now: now, nonce: nonce).bytes()
    }

    /// The body of a refund.
    func refund(
        _ order: PlannedOrder, refundNo: String, amount: Money, now: Timestamp, nonce: String
    ) throws -> [UInt8] {
        let fields: [String: RequestScalar] = [
            "merchant_refund_no": .text(refundNo), "amount_fen": .integer(amount.fen),
            "reason": .text("买家退货"),
        ]
        return try call("order.refund", fields, order: order, now: now, nonce: nonce).bytes()
    }

    /// The query of `GET /v1/orders/{merchant_order_no}`.
    func query(_ order: PlannedOrder, now: Timestamp, nonce: String) throws -> String {
        let signed = try call(
            "order.show", [:], order: order, now: now, nonce: nonce, byAgents: false)
        let fields = signed.fields.sorted { $0.key < $1.key }
            .compactMap { field in field.value.signedText.map { (name: field.key, value: $0) } }
        return FormCoding.encode(fields)
    }

    /// A call on an order: the order of the path and the action are signed, and not sent.
    private func call(
        _ action: String, _ fields: [String: RequestScalar], order: PlannedOrder, now: Timestamp,
        nonce: String, byAgents: Bool = true
    ) throws -> SignedRequest {
        let covered: [String: RequestScalar] = [
            "merchant_order_no": .text(order.merchantOrderNo), "action": .text(action),
        ]
        var all = fields.merging(covered) { own, _ in own }
        all["merchant_no"] = .text(order.merchantNo)
        let signed = try sign(all, order: order, now: now, nonce: nonce, byAgents: byAgents)
        return SignedRequest(
            fields: signed.fields.filter { covered[$0.key] == nil }, agents: signed.agents)
    }

    private func sign(
        _ unsigned: [String: RequestScalar], order: PlannedOrder, now: Timestamp, nonce: String,
        byAgents: Bool = true
    ) throws -> SignedRequest {
        let type = signer.signType(of: order.merchantNo, version: order.keyVersion) ?? .md5
        var fields = unsigned
        fields["timestamp"] = .text(now.rfc3339)
        fields["nonce"] = .text(nonce)
        fields["sign_type"] = .text(type.rawValue)
        fields["key_version"] = .integer(Int64(order.keyVersion))
        let text = RequestFields(fields).stringToSign()
        let sign =
            try signer.sign(text, as: order.merchantNo, version: order.keyVersion)
            ?? SigningKey(signType: .md5, secret: "nobody's key").sign(text)
        fields["sign"] = .text(sign)
        let agents = byAgents ? try agentSignatures(order.merchantNo, text: text, sign: sign) : []
        return SignedRequest(fields: fields, agents: agents)
    }

    /// From the nearest agent upwards, each over the text and the signature before its own.
    private func agentSignatures(
        _ merchantNo: String, text: String, sign: String
    ) throws -> [[String: RequestScalar]] {
        guard parties.party(merchantNo)?.ordersThroughAgents == true else { return [] }
        var before = sign
        var signatures: [[String: RequestScalar]] = []
        for agent in parties.agents(above: merchantNo).reversed() {
            guard let key = agent.keys.first else { continue }
            let own = try signer.sign(
                text + "&sign=" + before, as: agent.partyNo, version: key.keyVersion)
            guard let own else { continue }
            signatures.append([
                "agent_no": .text(agent.partyNo), "sign_type": .text(key.signType),
                "key_version": .integer(Int64(key.keyVersion)), "sign": .text(own),
            ])
            before = own
        }
        return signatures
    }
}

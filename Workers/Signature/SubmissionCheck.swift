import Channels
import Crypto
import Events
import Foundation
import Payments
import Store

/// Decides on one submission: pure, given the directory's entries and the time.
struct SubmissionCheck: Sendable {
    /// The parties that the batch names.
    let entries: [String: Directory.Entry]
    /// Whom the payer pays.
    let account: ChannelAccount
    /// Business time.
    let now: Timestamp

    enum Decision: Sendable {
        case accept(NewOrder)
        case refuse(Refusal)
    }

    /// How far a signed time may be off, in seconds, either way.
    static let windowSeconds: Int64 = 600
    /// How long a payer has where the merchant doesn't say, in seconds.
    static let defaultExpirySeconds: Int64 = 7_200

    func decide(_ submission: OrderSubmitted, _ traceparent: String?) -> Decision {
        do throws(Refusal) {
            let merchant = try merchant(of: submission.order)
            try checkSignatures(of: submission.order, merchant)
            try checkTime(of: submission)
            return .accept(try accept(submission, merchant, traceparent))
        } catch {
            return .refuse(error)
        }
    }

    private func merchant(of order: OrderRequest) throws(Refusal) -> Directory.Entry {
        guard let merchant = entries[order.merchantNo], merchant.isMerchant else {
            throw .unknownMerchant(order.merchantNo)
        }
        return merchant
    }

    // The merchant signs the members; each agent signs that text followed by the signature before
    // its own.
    private func checkSignatures(
        of order: OrderRequest, _ merchant: Directory.Entry
    ) throws(Refusal) {
        let text = order.members.stringToSign()
        try check(order.signature, of: merchant, over: text)
        var previous = order.signature.sign
        var above = merchant.agentNos[...]
        for agent in order.agentSignatures {
            guard let place = above.firstIndex(of: agent.agentNo),
                let entry = entries[agent.agentNo]
            else { throw .notItsAgent(agent.agentNo, of: order.merchantNo) }
            above = above[(place + 1)...]
            try check(agent.signature, of: entry, over: text + "&sign=" + previous)
            previous = agent.signature.sign
        }
        let signed = Set(order.agentSignatures.map(\.agentNo))
        if merchant.requiresAgentSignatures,
            let missing = merchant.agentNos.first(where: { !signed.contains($0) })
        {
            throw .agentSignatureMissing(missing)
        }
    }

    private func check(
        _ signature: RequestSignature, of party: Directory.Entry, over text: String
    ) throws(Refusal) {
        guard let key = party.key(signature.signType, version: signature.keyVersion) else {
            throw .unknownKey(party.partyNo, signature.signType, signature.keyVersion)
        }
        guard key.verify(signature.sign, over: text) else {
            throw .badSignature(of: party.partyNo)
        }
    }

    // Against the time it was received: a backlog in the topic must not make good orders stale.
    private func checkTime(of submission: OrderSubmitted) throws(Refusal) {
        let received = min(submission.receivedAt.timestamp, now)
        let off = received.seconds(since: submission.order.timestamp)
        guard abs(off) <= Self.windowSeconds else { throw .timestampOff(by: off) }
    }

    private func accept(
        _ submission: OrderSubmitted, _ merchant: Directory.Entry, _ traceparent: String?
    ) throws(Refusal) -> NewOrder {
        let order = submission.order
        guard merchant.isActive else { throw .inactive(merchant.partyNo) }
        let (chain, split) = try terms(of: order, merchant)
        let expiry = order.expiresInSeconds ?? Self.defaultExpirySeconds
        return NewOrder(
            orderNo: submission.orderNo, request: order,
            contentDigest: Array(SHA256.hash(data: Data(order.businessContent.utf8))),
            channel: account.channel, appID: account.appID, sellerID: account.sellerID,
            platformNo: merchant.platformNo, chain: chain, split: split,
            submissionID: submission.envelope.eventID, traceparent: traceparent, acceptedAt: now,
            expiresAt: now.adding(seconds: expiry),
            firstInquiryAt: now.adding(
                RetrySchedule.inquiry.next(afterAttempt: 0) ?? .seconds(30)))
    }

    private func terms(
        of order: OrderRequest, _ merchant: Directory.Entry
    ) throws(Refusal) -> (PartyChain, FeeSplit) {
        do {
            guard let chain = try merchant.chain(of: order.product, at: now) else {
                throw Refusal.productNotAllowed(order.product, order.merchantNo)
            }
            return (chain, try chain.split(order.amount))
        } catch let error as PartyChainError {
            throw .ratesConflict(error)
        } catch let error as Refusal {
            throw error
        } catch {
            throw Refusal(code: "rates_conflict", detail: "\(error)", httpStatus: 403)
        }
    }
}

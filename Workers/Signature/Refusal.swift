import Payments
import Store

/// Why a submission is refused, for the merchant to read.
struct Refusal: Sendable, Equatable, Error {
    /// For programs, for example `bad_signature`; documented in `docs/openapi.yaml`.
    let code: String
    /// For people: what is wrong, and of which party.
    let detail: String
    /// The status of the gateway's response.
    let httpStatus: Int
    /// Whose signature is known to be valid.
    var proof = Proof.merchant

    /// What a refusal says about who sent the submission.
    enum Proof: Sendable, Equatable {
        /// The merchant, shortly before: its signature is valid and recent.
        case merchant
        /// Not this party, the merchant or an agent: its signature isn't valid.
        case not(String)
        /// Anybody.
        case nobody
    }

    /// Whether only the merchant can have caused it.
    func isAuthenticated(for merchantNo: String) -> Bool {
        switch proof {
        case .merchant: true
        case .not(let partyNo): partyNo != merchantNo
        case .nobody: false
        }
    }

    static func unknownMerchant(_ merchantNo: String) -> Refusal {
        Refusal(
            code: "unknown_merchant", detail: "there is no merchant \(merchantNo)",
            httpStatus: 403, proof: .nobody)
    }

    static func inactive(_ partyNo: String) -> Refusal {
        Refusal(
            code: "party_not_active",
            detail: "\(partyNo), or an agent above it, is suspended or closed", httpStatus: 403)
    }

    static func unknownKey(_ partyNo: String, _ signType: SignType, _ version: Int) -> Refusal {
        Refusal(
            code: "unknown_key",
            detail: "\(partyNo) has no live \(signType.rawValue) key of version \(version)",
            httpStatus: 401, proof: .not(partyNo))
    }

    static func badSignature(of partyNo: String) -> Refusal {
        Refusal(
            code: "bad_signature",
            detail: "the signature of \(partyNo) doesn't match the string to sign",
            httpStatus: 401, proof: .not(partyNo))
    }

    static func timestampOff(by seconds: Int64) -> Refusal {
        Refusal(
            code: "timestamp_out_of_window",
            detail: "timestamp is \(abs(seconds)) s \(seconds < 0 ? "ahead" : "behind"); "
                + "600 s are allowed",
            // What was recorded once can be sent again by anybody.
            httpStatus: 401, proof: .nobody)
    }

    static func receiptOff(by seconds: Int64) -> Refusal {
        Refusal(
            code: "received_at_out_of_window",
            detail: "received_at is \(abs(seconds)) s \(seconds < 0 ? "behind" : "ahead of") the "
                + "record's time; 600 s are allowed", httpStatus: 400, proof: .nobody)
    }

    static func malformed(_ detail: String) -> Refusal {
        Refusal(code: "malformed", detail: detail, httpStatus: 400, proof: .nobody)
    }

    static let orderNumberForm = Refusal.malformed(
        "order_no: must be \(OrderNumberForm.description)")

    static func tooLarge(_ bytes: Int) -> Refusal {
        Refusal(
            code: "body_too_large",
            detail: "the record has \(bytes) bytes; \(Submission.sizeLimit) are allowed",
            httpStatus: 413, proof: .nobody)
    }

    static func notItsAgent(_ agentNo: String, of merchantNo: String) -> Refusal {
        Refusal(
            code: "not_an_agent",
            detail: "\(agentNo) is not an agent above \(merchantNo), nearest first",
            httpStatus: 403)
    }

    static func agentSignatureMissing(_ agentNo: String) -> Refusal {
        Refusal(
            code: "agent_signature_missing",
            detail: "orders of this merchant must carry the signature of \(agentNo)",
            httpStatus: 401)
    }

    /// - Parameter partyNos: those of the merchant's chain that have no rate.
    static func productNotAllowed(_ product: Product, lackedBy partyNos: [String]) -> Refusal {
        Refusal(
            code: "product_not_allowed",
            detail: partyNos.joined(separator: " and ")
                + (partyNos.count == 1 ? " has" : " have") + " no rate for \(product.rawValue)",
            httpStatus: 403)
    }

    static func ratesConflict(_ error: any Error) -> Refusal {
        Refusal(code: "rates_conflict", detail: "\(error)", httpStatus: 403)
    }

    static func numberUsed(by orderNo: String?) -> Refusal {
        Refusal(
            code: "merchant_order_no_used",
            detail: "merchant_order_no was used for other content"
                + (orderNo.map { ", by order \($0)" } ?? ""),
            httpStatus: 409)
    }
}

extension Refusal {
    /// - Parameter merchantNo: whose request it is.
    init(_ fault: ChainSignatures.Fault, merchantNo: String) {
        switch fault {
        case .unknownKey(let partyNo, let signType, let version):
            self = .unknownKey(partyNo, signType, version)
        case .badSignature(let partyNo): self = .badSignature(of: partyNo)
        case .notItsAgent(let partyNo): self = .notItsAgent(partyNo, of: merchantNo)
        case .agentSignatureMissing(let partyNo): self = .agentSignatureMissing(partyNo)
        }
    }
}

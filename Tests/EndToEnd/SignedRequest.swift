import Foundation
import Payments
import TestSigning

/// A request's fields, signed by the rules of the API.
struct SignedRequest: Sendable {
    enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String)
        case number(Int64)

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int64) { self = .number(value) }

        var text: String {
            switch self {
            case .text(let text): text
            case .number(let number): String(number)
            }
        }

        fileprivate var json: Any {
            switch self {
            case .text(let text): text
            case .number(let number): number
            }
        }
    }

    var fields: [String: Value]
    /// What is signed with the fields, and not sent.
    var covered: [String: Value] = [:]
    var agentSignatures: [[String: Value]] = []

    /// Adds the time, a nonce, the key and the signature.
    mutating func sign(with key: Endpoints.Key, at time: Timestamp = .now) throws -> String {
        fields["timestamp"] = .text(time.rfc3339)
        fields["nonce"] = .text(UUID().uuidString)
        fields["sign_type"] = .text(key.signType.rawValue)
        fields["key_version"] = .number(key.keyVersion)
        let sign = try key.signing().sign(signedFields.stringToSign)
        fields["sign"] = .text(sign)
        return sign
    }

    /// Adds an agent's signature over the text and the signature before its own.
    mutating func countersign(
        _ agent: Endpoints.Agent, after previous: String
    ) throws -> String {
        guard let key = agent.keys.first else { return previous }
        let sign = try key.signing().sign(signedFields.stringToSign(after: previous))
        agentSignatures.append([
            "agent_no": .text(agent.agentNo), "sign_type": .text(key.signType.rawValue),
            "key_version": .number(key.keyVersion), "sign": .text(sign),
        ])
        return sign
    }

    func json() throws -> [UInt8] {
        var object: [String: Any] = fields.mapValues(\.json)
        if !agentSignatures.isEmpty {
            object["agent_signatures"] = agentSignatures.map { $0.mapValues(\.json) }
        }
        return Array(try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    }

    /// As a query.
    var query: String {
        fields
            .map { "\($0.key)=\(Percent.encode($0.value.text))" }.sorted().joined(separator: "&")
    }

    private var signedFields: SignedFields {
        SignedFields(fields.merging(covered) { own, _ in own }.map { ($0.key, $0.value.text) })
    }
}

extension Timestamp {
    /// The machine's time.
    static var now: Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}

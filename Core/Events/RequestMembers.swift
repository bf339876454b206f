import Foundation
import Payments

/// The top-level members of a signed request, each as the text that is signed.
public struct RequestMembers: Sendable, Equatable {
    /// The members that take part in signing (and `sign`), in the order of their names.
    public let scalars: [String: RequestScalar]
    /// The members of each of `agent_signatures`.
    public let agentSignatures: [RequestMembers]

    /// Members by hand, for GET queries and tests.
    public init(_ scalars: [String: RequestScalar]) {
        self.scalars = scalars
        self.agentSignatures = []
    }

    /// The string to sign of the contract, of all members but those named.
    public func stringToSign(leavingOut names: Set<String> = []) -> String {
        SignedFields(
            scalars.lazy.filter { !names.contains($0.key) }.map { ($0.key, $0.value.signedText) }
        ).stringToSign
    }
}

/// A JSON scalar.
public enum RequestScalar: Sendable, Equatable {
    /// A string.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// `true` or `false`.
    case flag(Bool)
    /// `null`: not signed.
    case null

    /// The text that is signed; `nil` for null.
    public var signedText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .null: nil
        }
    }
}

extension RequestScalar: Codable {
    /// Reads a scalar; anything else is a mismatch.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .integer(number)
        } else {
            throw DecodingError.dataCorruptedError(
                in: value,
                debugDescription: "must be text, a whole number, true, false or null")
        }
    }

    /// Writes the scalar.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .integer(let number): try value.encode(number)
        case .flag(let flag): try value.encode(flag)
        case .null: try value.encodeNil()
        }
    }
}

extension RequestMembers: Codable {
    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    static let agentSignaturesName = "agent_signatures"

    /// Reads a flat object; only `agent_signatures` may be a list.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Name.self)
        var scalars: [String: RequestScalar] = [:]
        var agents: [RequestMembers] = []
        for name in object.allKeys {
            if name.stringValue == Self.agentSignaturesName {
                agents = try object.decodeIfPresent([RequestMembers].self, forKey: name) ?? []
            } else {
                scalars[name.stringValue] = try object.decode(RequestScalar.self, forKey: name)
            }
        }
        self.scalars = scalars
        self.agentSignatures = agents
    }

    /// Writes the object back.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        for (name, value) in scalars {
            try object.encode(value, forKey: Name(stringValue: name))
        }
        if !agentSignatures.isEmpty {
            try object.encode(
                agentSignatures, forKey: Name(stringValue: Self.agentSignaturesName))
        }
    }
}

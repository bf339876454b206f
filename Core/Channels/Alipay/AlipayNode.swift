import Foundation
import Payments

/// The members of an answer's node that the platform reads.
struct AlipayNode: Sendable {
    private let texts: [String: String]
    private let raw: [UInt8]

    /// Reads the node of an answer; members that aren't text are passed over.
    init(_ response: AlipayResponse) throws(ChannelMessageError) {
        raw = response.node
        do {
            texts = try JSONDecoder().decode([String: Member].self, from: Data(response.node))
                .compactMapValues(\.text)
        } catch {
            throw .malformed("its node is no JSON object")
        }
    }

    /// A member's text; `nil` where it is missing, empty or no text.
    subscript(name: String) -> String? { texts[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The result's code.
    func code() throws(ChannelMessageError) -> String {
        guard let code = self["code"] else { throw .malformed("its node has no code") }
        return code
    }

    /// An amount in yuan.
    func money(_ name: String) throws(ChannelMessageError) -> Money? {
        try self[name].map { text throws(ChannelMessageError) in
            do { return try Money(yuan: text) } catch { throw .malformed("\(name): \(error)") }
        }
    }

    /// A time of day in Beijing.
    func time(_ name: String) throws(ChannelMessageError) -> Timestamp? {
        try self[name].map { text throws(ChannelMessageError) in
            guard let time = Timestamp(shanghai: text) else {
                throw .malformed("\(name) is no time: '\(text.prefix(32))'")
            }
            return time
        }
    }

    /// What a refund took from the payer's ways of paying, which is the refund's own amount.
    func refundDetailTotal() throws(ChannelMessageError) -> Money? {
        let items = try? JSONDecoder().decode(RefundDetail.self, from: Data(raw)).items
        guard let items, !items.isEmpty else { return nil }
        var total = Money.zero
        for item in items {
            do {
                total = try total.adding(try Money(yuan: item.amount))
            } catch {
                throw .malformed("refund_detail_item_list: \(error)")
            }
        }
        return total
    }

    private struct Member: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    private struct RefundDetail: Decodable {
        struct Item: Decodable {
            let amount: String
        }

        let items: [Item]

        enum CodingKeys: String, CodingKey {
            case items = "refund_detail_item_list"
        }
    }
}

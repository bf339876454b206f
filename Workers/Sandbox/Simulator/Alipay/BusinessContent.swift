import Foundation
import Payments

/// The fields of `biz_content` that the simulated methods read.
struct BusinessContent: Sendable, Equatable {
    private let fields: [String: String]
    /// `query_options`: what the answer is to have besides its usual fields.
    let options: [String]

    /// `sub_merchant.merchant_id`.
    let subMerchantNo: String?

    /// Reads the JSON text; `nil` if it isn't an object. Fields that are neither text nor numbers
    /// are ignored, but for the options.
    init?(_ json: String?) {
        let data = Data((json ?? "{}").utf8)
        guard let object = try? JSONDecoder().decode([String: Scalar].self, from: data) else {
            return nil
        }
        fields = object.compactMapValues(\.text)
        let nested = try? JSONDecoder().decode(Nested.self, from: data)
        options = nested?.options ?? []
        subMerchantNo = nested?.subMerchant?.number
    }

    var orderNo: String? { self["out_trade_no"] }
    var tradeNo: String? { self["trade_no"] }

    /// An amount in yuan, or `nil` if it is missing or not an amount.
    func money(_ name: String) -> Money? {
        self[name].flatMap { try? Money(yuan: $0) }
    }

    /// A field's text; `nil` where it is missing or empty.
    subscript(name: String) -> String? {
        fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private struct Nested: Decodable {
        struct SubMerchant: Decodable {
            let number: String

            enum CodingKeys: String, CodingKey {
                case number = "merchant_id"
            }
        }

        let options: [String]?
        let subMerchant: SubMerchant?

        enum CodingKeys: String, CodingKey {
            case options = "query_options"
            case subMerchant = "sub_merchant"
        }
    }

    /// A field as text; numbers keep their digits.
    private struct Scalar: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                self.text = text
            } else if let number = try? value.decode(Decimal.self) {
                self.text = "\(number)"
            } else {
                self.text = nil
            }
        }
    }
}

/// A merchant's settlement card; the number is fictitious.
public struct SampleCard: Codable, Sendable, Equatable {
    /// The card's holder.
    public let payeeName: String
    /// 19 digits that pass the Luhn check.
    public let cardNo: String

    enum CodingKeys: String, CodingKey {
        case payeeName = "payee_name"
        case cardNo = "card_no"
    }

    /// A card number of 19 digits from 18 of them and their Luhn check digit.
    static func number(_ digits: String) -> String {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let digit = item.element.wholeNumberValue ?? 0
            guard item.offset.isMultiple(of: 2) else { return sum + digit }
            return sum + (digit * 2 > 9 ? digit * 2 - 9 : digit * 2)
        }
        return digits + String((10 - sum % 10) % 10)
    }
}

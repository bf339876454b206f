/// A bank card's number (ISO/IEC 7812).
public enum CardNumber {
    /// Whether it has 12 to 19 digits, the last one the check digit of the others.
    public static func isValid(_ text: String) -> Bool {
        guard (12...19).contains(text.utf8.count), FieldRule.isDigits(text) else { return false }
        let sum = text.utf8.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element - UInt8(ascii: "0"))
            guard !digit.offset.isMultiple(of: 2) else { return sum + value }
            return sum + (value * 2 > 9 ? value * 2 - 9 : value * 2)
        }
        return sum.isMultiple(of: 10)
    }
}

import Payments

/// Makes order_no and refund_no: a prefix, 14 digits of Beijing time, 10 random characters (50
/// bits) of Crockford's base 32. Numbers sort by time.
enum OrderNumber {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// - Parameter prefix: one character: `T` for an order, `R` for a refund.
    static func make(
        prefix: Character, at time: Timestamp, using random: inout some RandomNumberGenerator
    ) -> String {
        let clock = time.shanghai.filter(\.isNumber)
        var bits = random.next()
        var text = String(prefix) + clock
        for _ in 0..<10 {
            text.append(digits[Int(bits & 31)])
            bits >>= 5
        }
        return text
    }

    static func make(prefix: Character, at time: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return make(prefix: prefix, at: time, using: &random)
    }
}

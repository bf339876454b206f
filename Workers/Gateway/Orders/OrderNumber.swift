import Payments

/// The platform's number of an order, and of a refund: letters and digits, sorted by time, unique
/// by 50 random bits.
enum OrderNumber {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// - Parameter prefix: one letter: `T` for an order, `R` for a refund.
    static func make(
        prefix: Character, at time: Timestamp, using random: inout some RandomNumberGenerator
    ) -> String {
        let clock = time.shanghai.filter(\.isNumber)
        var noise = random.next()
        var text = String(prefix) + clock
        for _ in 0..<10 {
            text.append(digits[Int(noise & 31)])
            noise >>= 5
        }
        return text
    }

    static func make(prefix: Character, at time: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return make(prefix: prefix, at: time, using: &random)
    }
}

import Payments

extension BinaryInteger {
    /// With a comma after each thousand.
    var grouped: String {
        var digits = String(magnitude)
        var parts: [Substring] = []
        while digits.count > 3 {
            parts.insert(digits.suffix(3), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits[...]] + parts).joined(separator: ",")
    }
}

extension Money {
    /// In yuan with a comma after each thousand: `68,003.10`.
    var grouped: String {
        let parts = yuan.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return yuan }
        // The sign is in the text even where the whole part is zero.
        let digits = (UInt64(parts[0].drop { $0 == "-" }) ?? 0).grouped
        return "\(fen < 0 ? "-" : "")\(digits).\(parts[1])"
    }
}

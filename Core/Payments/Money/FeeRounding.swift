/// What becomes of a part of a fen in a fee; a property of the contract (protocol §6.1).
public enum FeeRounding: String, Sendable, Hashable, Codable, CaseIterable {
    /// Half a fen and more becomes a fen.
    case halfUp = "HALF_UP"
    /// A part of a fen is dropped.
    case floor = "FLOOR"

    /// `amount × ppm / 1,000,000` of the magnitude, rounded, with the amount's sign.
    func fee(on amount: Money, ppm: Int64) -> Money {
        let scale = Rate.scale.magnitude
        let product = amount.fen.magnitude.multipliedFullWidth(by: ppm.magnitude)
        // The high word is below the scale, because ppm is: the quotient fits.
        let (quotient, rest) = scale.dividingFullWidth((product.high, product.low))
        let roundsUp = self == .halfUp && rest >= scale / 2
        // A rounded fee is never above the amount: at 100 % there is no rest.
        let magnitude = roundsUp ? quotient &+ 1 : quotient
        return Money(
            fen: amount.fen < 0
                ? 0 &- Int64(truncatingIfNeeded: magnitude)
                : Int64(truncatingIfNeeded: magnitude))
    }
}

/// Amounts in yuan, the form of channels, banks and bills.
extension Money {
    /// Reads yuan exactly: `"98"`, `"98.5"`, `"98.50"`, `"-10.00"`.
    ///
    /// Strict: an optional `-`, digits without a leading zero, and at most two decimals. No plus
    /// sign, blank, thousands separator, exponent, bare point or currency sign.
    public init(yuan text: String) throws(MoneyError) {
        var bytes = text.utf8[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        let whole = bytes.prefix { $0 != UInt8(ascii: ".") }
        let hasPoint = whole.endIndex != bytes.endIndex
        let decimals = hasPoint ? bytes[bytes.index(after: whole.endIndex)...] : bytes.suffix(0)
        let hasLeadingZero = whole.count > 1 && whole.first == UInt8(ascii: "0")
        guard !whole.isEmpty, !hasLeadingZero, hasPoint != decimals.isEmpty,
            whole.allSatisfy(Self.isDigit), decimals.allSatisfy(Self.isDigit)
        else { throw .malformed(Self.shown(text)) }
        guard decimals.count <= 2 else { throw .tooManyDecimals(Self.shown(text)) }

        // Counted below zero: Int64's range is one larger there.
        var fen: Int64 = 0
        func count(_ digit: Int64) throws(MoneyError) {
            let (tenfold, overflow) = fen.multipliedReportingOverflow(by: 10)
            let (next, below) = tenfold.subtractingReportingOverflow(digit)
            if overflow || below { throw .outOfRange(Self.shown(text)) }
            fen = next
        }
        for byte in whole { try count(Int64(byte) - Int64(UInt8(ascii: "0"))) }
        for byte in decimals { try count(Int64(byte) - Int64(UInt8(ascii: "0"))) }
        for _ in decimals.count..<2 { try count(0) }
        guard isNegative || fen != .min else { throw .outOfRange(Self.shown(text)) }
        self.init(fen: isNegative ? fen : 0 - fen)
    }

    /// The amount in yuan with two decimals: `"98.50"`, `"-0.01"`.
    public var yuan: String {
        let (yuan, rest) = fen.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(fen < 0 ? "-" : "")\(yuan).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// The part of a refused text that an error may contain.
    private static func shown(_ text: String) -> String { String(text.prefix(32)) }
}

/// The form of an order's number (`order_no`), whoever assigned it: what the channels accept as
/// their `out_trade_no`.
public enum OrderNumberForm {
    /// The form in words, for error texts.
    public static let description = "1 to 64 of A-Z, a-z, 0-9 and '_'"

    /// Whether a text has it.
    public static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

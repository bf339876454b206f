/// Control characters and line breaks of a text in UTF-8: a signed value must not have any, because
/// two requests could then look alike in a log or on a form and be signed differently.
enum ControlCharacter {
    /// Whether there is one: U+0000 to U+001F, U+007F to U+009F, or Unicode's line and paragraph
    /// separators U+2028 and U+2029.
    static func isIn(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        for (place, byte) in utf8.enumerated() {
            switch byte {
            case 0..<0x20, 0x7F: return true
            case 0xC2 where isByte(at: place + 1, of: utf8, in: 0x80...0x9F): return true
            case 0xE2
            where isByte(at: place + 1, of: utf8, in: 0x80...0x80)
                && isByte(at: place + 2, of: utf8, in: 0xA8...0xA9):
                return true
            default: continue
            }
        }
        return false
    }

    private static func isByte(
        at place: Int, of bytes: UnsafeBufferPointer<UInt8>, in range: ClosedRange<UInt8>
    ) -> Bool {
        place < bytes.count && range.contains(bytes[place])
    }
}

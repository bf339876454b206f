/// Text from outside, made safe to store, to publish and to show on a terminal.
public enum PrintableText {
    /// The text with each control character replaced by U+FFFD, cut to a number of characters.
    /// - Parameter maximum: Unicode code points.
    public static func of(_ text: String, maximum: Int) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(maximum) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: printable.append("\u{FFFD}")
            default: printable.append(scalar)
            }
        }
        return String(printable)
    }
}

extension String {
    /// The text without what PostgreSQL refuses in a text or what breaks a log line (NUL and other
    /// control characters become spaces), cut to `limit` bytes of UTF-8 at a character.
    public func storable(bytes limit: Int) -> String {
        var safe = String.UnicodeScalarView()
        var used = 0
        for scalar in unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            let next: Unicode.Scalar = isControl ? " " : scalar
            used += UTF8.width(next)
            guard used <= limit else { break }
            safe.append(next)
        }
        return String(safe)
    }
}

import CLibPQ

/// libpq's connection URLs.
public enum PostgresURL {
    /// Whether libpq can read a URL (or its `name=value` form); connects to nothing.
    public static func isReadable(_ text: String) -> Bool {
        guard let options = PQconninfoParse(text, nil) else { return false }
        PQconninfoFree(options)
        return true
    }
}

extension RequestFields {
    /// The fields of a URL's query: all text but `key_version`, the one number among those that are
    /// read.
    /// - Parameter pairs: names and values, unescaped, in their order.
    /// - Throws: for a repeated name, for which the signed value would be ambiguous, and for a
    ///   control character.
    public init(query pairs: [(name: String, value: String)]) throws(EventCodecError) {
        var scalars: [String: RequestScalar] = [:]
        for (name, value) in pairs {
            guard !Self.hasControl(name), !Self.hasControl(value) else {
                throw JSONCursor.mismatch("the query", "contains a control character")
            }
            guard scalars[name] == nil else {
                throw JSONCursor.mismatch("the query", "'\(name.prefix(64))' is repeated")
            }
            let number = name == "key_version" ? Int64(value).map(RequestScalar.integer) : nil
            scalars[name] = number ?? .text(value)
        }
        self.init(scalars)
    }

    private static func hasControl(_ text: String) -> Bool {
        var text = text
        return text.withUTF8(ControlCharacter.isIn)
    }
}

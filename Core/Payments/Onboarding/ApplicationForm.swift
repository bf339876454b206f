/// What is entered of a company that is to become an agent or a merchant.
///
/// In JSON one object: the fields by their names, and `rates`, an object of ppm by product.
public struct ApplicationForm: Sendable, Hashable {
    /// The text fields; a missing one is empty.
    public private(set) var texts: [ApplicationField: String]
    /// What the party above charges it, by product.
    public var rates: [Product: Rate]

    /// A form of these fields; blanks around a value are removed, empty values too.
    public init(_ texts: [ApplicationField: String] = [:], rates: [Product: Rate] = [:]) {
        self.texts = texts.compactMapValues(Self.trimmed)
        self.rates = rates
    }

    /// A field's text; empty where it has none.
    public subscript(field: ApplicationField) -> String {
        get { texts[field] ?? "" }
        set { texts[field] = Self.trimmed(newValue) }
    }

    private static func trimmed(_ text: String) -> String? {
        var scalars = text.unicodeScalars[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }

    /// What is wrong with it, in the order of the fields; empty where nothing is.
    public func problems(of kind: ApplicationKind) -> [FieldProblem] {
        var found = ApplicationField.texts.compactMap { field -> FieldProblem? in
            let value = self[field]
            if value.isEmpty {
                return field.isRequired(for: kind) ? FieldProblem(field, "it is missing") : nil
            }
            return FieldRule.problem(of: field, value).map { FieldProblem(field, $0) }
        }
        let holders = [self[.name], self[.legalPersonName]]
        if !self[.cardHolder].isEmpty, !holders.contains(self[.cardHolder]) {
            found.append(
                FieldProblem(
                    .cardHolder, "it must be the company's name or the legal person's name"))
        }
        if rates.isEmpty { found.append(FieldProblem(.rates, "at least one product has a rate")) }
        return found
    }
}

extension ApplicationForm: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Refuses a name that isn't a field's: it is a typing error.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Name.self)
        var (texts, rates): ([ApplicationField: String], [Product: Rate]) = ([:], [:])
        for key in object.allKeys {
            if key.stringValue == ApplicationField.rates.rawValue {
                let all = try object.decode([String: Rate].self, forKey: key)
                for (product, rate) in all {
                    guard let known = Product(rawValue: product) else {
                        throw DecodingError.dataCorruptedError(
                            forKey: key, in: object,
                            debugDescription: "rates has '\(product)': use PC, WAP or APP")
                    }
                    rates[known] = rate
                }
            } else if let field = ApplicationField(rawValue: key.stringValue),
                ApplicationField.texts.contains(field)
            {
                texts[field] = try object.decode(String.self, forKey: key)
            } else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: object,
                    debugDescription: "'\(key.stringValue)' is no field of an application")
            }
        }
        self.init(texts, rates: rates)
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        for (field, text) in texts {
            try object.encode(text, forKey: Name(stringValue: field.rawValue))
        }
        let named = Dictionary(uniqueKeysWithValues: rates.map { ($0.key.rawValue, $0.value) })
        try object.encode(named, forKey: Name(stringValue: ApplicationField.rates.rawValue))
    }
}

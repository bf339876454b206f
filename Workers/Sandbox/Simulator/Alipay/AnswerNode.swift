/// The fields of an answer's node, in the caller's order.
struct AnswerNode: Sendable, Equatable {
    private struct Field: Sendable, Equatable {
        let name: String
        let json: String
    }

    private var fields: [Field]

    /// A node of text fields.
    init(_ texts: [(String, String)]) {
        fields = texts.map { Field(name: $0.0, json: OrderedJSON.text($0.1)) }
    }

    /// As it is signed and sent.
    var json: String {
        let parts = fields.map { "\(OrderedJSON.text($0.name)):\($0.json)" }
        return "{" + parts.joined(separator: ",") + "}"
    }

    /// Adds a field that is a list of objects, at the end.
    mutating func add(_ name: String, list: [[(String, String)]]) {
        let objects = list.map { OrderedJSON.object($0) }.joined(separator: ",")
        fields.append(Field(name: name, json: "[\(objects)]"))
    }

    /// The node with another text in a field, or without the field.
    func with(_ name: String, _ text: String?) -> AnswerNode {
        var copy = self
        copy.fields = fields.compactMap { field in
            guard field.name == name else { return field }
            return text.map { Field(name: name, json: OrderedJSON.text($0)) }
        }
        return copy
    }
}

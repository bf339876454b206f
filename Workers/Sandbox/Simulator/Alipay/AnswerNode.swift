/// The fields of an answer's node, in the caller's order.
struct AnswerNode: Sendable, Equatable {
    /// A JSON object.
    private(set) var json: String

    /// A node of text fields.
    init(_ texts: [(String, String)]) { json = OrderedJSON.object(texts) }

    /// Adds a field that is a list of objects, at the end.
    mutating func add(_ name: String, list: [[(String, String)]]) {
        let objects = list.map { OrderedJSON.object($0) }.joined(separator: ",")
        json.removeLast()
        json += (json.count > 1 ? "," : "") + "\(OrderedJSON.text(name)):[\(objects)]}"
    }
}

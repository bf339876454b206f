/// One header of a record. Names may repeat; the order is kept.
public struct KafkaHeader: Hashable, Sendable {
    /// The header's name.
    public let name: String
    /// Its bytes; empty where the record has null.
    public let value: [UInt8]

    /// A header of bytes.
    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// A header of text, as UTF-8.
    public init(name: String, text: String) {
        self.init(name: name, value: Array(text.utf8))
    }
}

import Events
public import Kafka

extension KafkaRecord {
    /// The W3C trace context that the record carries, if it is one: anybody may write records.
    public var traceparent: String? {
        headers.last { $0.name == "traceparent" }
            .flatMap { String(validating: $0.value, as: UTF8.self) }
            .flatMap(TraceContext.init)?.description
    }
}

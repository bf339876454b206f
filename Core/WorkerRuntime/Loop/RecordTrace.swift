import Events
public import Kafka

extension KafkaRecord {
    /// The record's W3C trace context; `nil` where it isn't valid: any producer may write records.
    public var traceparent: String? {
        headers.last { $0.name == "traceparent" }
            .flatMap { String(validating: $0.value, as: UTF8.self) }
            .flatMap(TraceContext.init)?.description
    }
}

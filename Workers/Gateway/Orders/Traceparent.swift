import Events
import HTTPTypes

extension HTTPField.Name {
    /// W3C trace context.
    static var traceparent: HTTPField.Name {
        HTTPField.Name("traceparent") ?? .contentType
    }
}

/// The W3C trace context that an order's events carry.
enum Traceparent {
    /// The caller's trace, or a new one where the header is absent or malformed.
    static func continued(from header: String?) -> String {
        TraceContext.continuing(header).description
    }
}

import Events
import HTTPTypes

extension HTTPField.Name {
    /// W3C trace context.
    static var traceparent: HTTPField.Name {
        HTTPField.Name("traceparent") ?? .contentType
    }
}

/// The W3C trace context that an order carries from here on.
enum Traceparent {
    /// The caller's trace, or a new one.
    static func continued(from header: String?) -> String {
        TraceContext.continuing(header).description
    }
}

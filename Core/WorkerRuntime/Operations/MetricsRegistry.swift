import Synchronization

/// The metrics of a process, exposed as Prometheus text.
public final class MetricsRegistry: Sendable {
    private struct Family {
        let help: String
        let type: String
        var series: [String: @Sendable () -> Double] = [:]
        var collect: (@Sendable () -> [(labels: [String: String], value: Double)])?

        var lines: [(labels: String, value: Double)] {
            let collected = collect?().map { (MetricsRegistry.labelText($0.labels), $0.value) }
            return (series.map { ($0.key, $0.value()) } + (collected ?? [])).sorted { $0.0 < $1.0 }
        }
    }

    private let families = Mutex<[String: Family]>([:])

    /// An empty registry.
    public init() {}

    /// Adds a counter, whose name should end in `_total`; replaces one of the same name and labels.
    public func counter(_ name: String, help: String, labels: [String: String] = [:]) -> Counter {
        let counter = Counter()
        add(name, help: help, type: "counter", labels: labels) { counter.value }
        return counter
    }

    /// Adds a gauge that is evaluated at each scrape.
    public func gauge(
        _ name: String, help: String, labels: [String: String] = [:],
        read: @escaping @Sendable () -> Double
    ) {
        add(name, help: help, type: "gauge", labels: labels, read: read)
    }

    /// Adds gauges whose labels aren't known beforehand, evaluated at each scrape.
    public func collect(
        _ name: String, help: String,
        read: @escaping @Sendable () -> [(labels: [String: String], value: Double)]
    ) {
        families.withLock { families in
            families[name, default: Family(help: help, type: "gauge")].collect = read
        }
    }

    /// The smallest value of a metric among its label sets; `nil` where there is no such metric.
    public func value(of name: String) -> Double? {
        families.withLock { $0[name] }?.lines.map(\.value).min()
    }

    /// All metrics, in Prometheus' text format 0.0.4.
    public func text() -> String {
        let families = families.withLock { $0 }
        var lines: [String] = []
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            lines.append("# HELP \(name) \(family.help)")
            lines.append("# TYPE \(name) \(family.type)")
            for (labels, value) in family.lines {
                lines.append("\(name)\(labels) \(Self.number(value))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func add(
        _ name: String, help: String, type: String, labels: [String: String],
        read: @escaping @Sendable () -> Double
    ) {
        let key = Self.labelText(labels)
        families.withLock { families in
            families[name, default: Family(help: help, type: type)].series[key] = read
        }
    }

    private static func labelText(_ labels: [String: String]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.sorted { $0.key < $1.key }.map { name, value in
            let escaped = value.flatMap { character -> String in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }
            return "\(name)=\"\(String(escaped))\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15
            ? String(Int64(value)) : String(value)
    }
}

/// A monotonic counter.
public final class Counter: Sendable {
    private let sum = Mutex<Double>(0)

    /// Adds one, or `amount`.
    public func increment(by amount: Double = 1) { sum.withLock { $0 += amount } }

    /// The sum so far.
    public var value: Double { sum.withLock { $0 } }
}

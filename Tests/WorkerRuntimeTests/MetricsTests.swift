import Testing
import WorkerRuntime

@Suite struct MetricsTests {
    @Test func theTextIsWhatPrometheusReads() {
        let registry = MetricsRegistry()
        let counter = registry.counter(
            "records_total", help: "Records.", labels: ["worker": "w", "a": "b"])
        counter.increment()
        counter.increment(by: 2)
        registry.gauge("age_seconds", help: "Age.") { 1.5 }
        registry.collect("lag", help: "Lag.") {
            [(labels: ["p": "1"], value: 4), (labels: ["p": "0"], value: 3)]
        }
        #expect(
            registry.text() == """
                # HELP age_seconds Age.
                # TYPE age_seconds gauge
                age_seconds 1.5
                # HELP lag Lag.
                # TYPE lag gauge
                lag{p="0"} 3
                lag{p="1"} 4
                # HELP records_total Records.
                # TYPE records_total counter
                records_total{a="b",worker="w"} 3

                """)
        #expect(counter.value == 3)
        #expect(registry.value(of: "lag") == 3)
        #expect(registry.value(of: "nothing") == nil)
    }

    @Test func labelValuesAreEscaped() {
        let registry = MetricsRegistry()
        registry.gauge("g", help: "h", labels: ["l": "a\"b\\c\nd"]) { 1 }
        #expect(registry.text().contains(#"g{l="a\"b\\c\nd"} 1"#))
    }

    @Test(arguments: [
        (Double.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (-2, "-2"), (0.25, "0.25"),
    ])
    func numbersAreWrittenAsPrometheusReadsThem(value: Double, text: String) {
        let registry = MetricsRegistry()
        registry.gauge("g", help: "h") { value }
        #expect(registry.text().hasSuffix("\ng \(text)\n"))
    }
}

import Events
import Testing

/// What W3C trace context calls valid, and nothing else.
@Suite struct TraceContextTests {
    private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func aHeaderComesBackAsItWas() throws {
        let context = try #require(TraceContext(Self.good))
        #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.description == Self.good)
        #expect(TraceContext.continuing(Self.good).description == Self.good)
    }

    @Test func aPartKeepsTheTraceAndIsItself() throws {
        let context = try #require(TraceContext(Self.good))
        let child = context.child()
        #expect(child.traceID == context.traceID)
        #expect(child.parentID != context.parentID)
        #expect(TraceContext(child.description) == child)
    }

    @Test func aNewTraceIsValidAndItsOwn() {
        let made = (0..<100).map { _ in TraceContext.continuing(nil) }
        #expect(Set(made.map(\.traceID)).count == 100)
        #expect(made.allSatisfy { TraceContext($0.description) == $0 })
    }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e473\r-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e47é-00f067aa0ba902b7-01",
    ])
    func anythingElseIsRefused(header: String) {
        #expect(TraceContext(header) == nil)
        #expect(TraceContext.continuing(header).description != header)
    }
}

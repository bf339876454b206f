import Foundation
import Payments
import Testing

@testable import Events

/// Every topic's example is one of its events.
@Suite struct ExampleTests {
    private static let topics: [any Event.Type] = [
        CallbackReceived.self, MerchantApplied.self, MerchantReviewed.self, OrderAccepted.self,
        OrderChanged.self, OrderRejected.self,
        OrderSubmitted.self, PayoutCompleted.self, PayoutRequested.self,
        ReconciliationCompleted.self, StatementClosed.self, StatementLines.self,
    ]
    // Without an event type of the library's: a mirror of other records.
    private static let others: Set = ["dead-letters"]

    private static var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../topics").standardizedFileURL
    }

    @Test func everyTopicHasItsEventType() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter {
                FileManager.default.fileExists(
                    atPath: Self.folder.appendingPathComponent("\($0)/topic.yaml").path)
            }
        #expect(Set(names) == Self.others.union(Self.topics.map { $0.topic }))
    }

    @Test(arguments: topics.indices) func theExampleIsReadAndWrittenBackTheSame(
        index: Int
    ) throws {
        try check(Self.topics[index])
    }

    @Test(arguments: topics.indices) func theEventTypesAreThoseOfTheSchema(
        index: Int
    ) throws {
        let type = Self.topics[index]
        let data = try Data(
            contentsOf: Self.folder.appendingPathComponent("\(type.topic)/schema.json"))
        let schema = try JSONDecoder().decode(Schema.self, from: data)
        let types =
            (type as? any SingleTypeEvent.Type).map { [$0.eventType] }
            ?? OrderChanged.EventType.allCases.map(\.rawValue)
        #expect(schema.properties.event_type.enum == types)
    }

    private struct Schema: Decodable {
        struct Properties: Decodable { let event_type: Field }
        struct Field: Decodable { let `enum`: [String] }
        let properties: Properties
    }

    private func check<E: Event>(_ type: E.Type) throws {
        let file = Self.folder.appendingPathComponent("\(type.topic)/example.json")
        let data = try Data(contentsOf: file)
        let event = try E(json: Array(data))
        #expect(!event.key.isEmpty)
        let written = try event.json()
        #expect(try canonical(Data(written)) == canonical(data))
        // And once more: what we wrote reads as the same.
        #expect(try E(json: written).json() == written)
    }

    /// JSON with fields sorted and times normalised.
    private func canonical(_ data: Data) throws -> String {
        let value = try JSONSerialization.jsonObject(with: data)
        let same = try JSONSerialization.data(
            withJSONObject: sameTimes(value), options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: same, as: UTF8.self)
    }

    private func sameTimes(_ value: Any) -> Any {
        switch value {
        case let object as [String: Any]: object.mapValues(sameTimes)
        case let list as [Any]: list.map(sameTimes)
        case let text as String: Timestamp(rfc3339: text)?.rfc3339 ?? text
        default: value
        }
    }
}

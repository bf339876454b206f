import Events
import Foundation
import Payments
import Postgres
import Testing

@testable import Store

/// Dead deadLetters as operators handle them.
@Suite(.timeLimit(.minutes(2))) struct DeadLetterTests {
    private let connection: PostgresConnection

    init() async throws { connection = try await migratedConnection() }

    private func deadLetter(
        _ offset: Int64, topic: String = "t", key: [UInt8]? = nil, reason: String,
        at time: Timestamp = Shop.noon, replayedFrom: EventID? = nil
    ) -> DeadLetter {
        DeadLetter(
            id: .make(at: time), worker: "w", originTopic: topic, originPartition: 0,
            originOffset: offset, key: key, value: [UInt8(truncatingIfNeeded: offset), 0xFF],
            headers: [.init("h", [0xFE])], reason: reason, error: "at byte 1",
            replayCount: Int32(offset), replayedFrom: replayedFrom)
    }

    private func page(
        _ filter: DeadLetterFilter, after: DeadLetterPlace? = nil, limit: Int
    ) async throws -> [DeadLetterLine] {
        let page = DeadLetterPage(filter, after: after, limit: limit)
        return try await connection.transaction { try await page.run(in: $0) }
    }

    @Test func aTopicMadeAnewHasOtherRecordsAtTheSameOffsets() async throws {
        func deadLetter(topicID: String) -> DeadLetter {
            DeadLetter(
                id: .make(at: Shop.noon), worker: "w", originTopic: "t", originTopicID: topicID,
                originPartition: 0, originOffset: 7, key: nil, value: [], headers: [],
                reason: "r", error: "e", replayCount: 0)
        }
        for (id, stored) in [("a", 1), ("a", 0), ("b", 1), ("", 1), ("", 0)] {
            let add = AddDeadLetters([deadLetter(topicID: id)], now: Shop.noon)
            #expect(try await connection.runCount(add) == stored, "\(id)")
        }
    }

    @Test func aRecordThatItsTopicWouldNotTakeAgainStaysOpen() async throws {
        let large = DeadLetter(
            id: .make(at: Shop.noon), worker: "w", originTopic: "t", originPartition: 0,
            originOffset: 0, key: [1], value: Array(repeating: 0, count: 1_000), headers: [],
            reason: "r", error: "e", replayCount: 0)
        _ = try await connection.run(AddDeadLetters([large], now: Shop.noon))
        for (largest, count) in [(1_000, 0), (1_100, 1)] {
            let take = TakeForReplay([large.id], largest: largest, actor: "ops", now: Shop.noon)
            #expect(try await connection.run(take).count == count)
        }
    }

    @Test func anyTextOfAnErrorCanBeStored() async throws {
        let texts = [
            "\u{0}", "a\u{0}b\r\nc", String(repeating: "长", count: 5_000),
            String(decoding: [0xFF, 0xFE, 0x80] as [UInt8], as: UTF8.self),
            "e" + String(repeating: "\u{301}", count: 5_000),
        ]
        for (offset, text) in texts.enumerated() {
            let one = DeadLetter(
                id: .make(at: Shop.noon), worker: "w", originTopic: "t", originPartition: 0,
                originOffset: Int64(offset), key: nil, value: [], headers: [], reason: text,
                error: text, replayCount: 0)
            #expect(one.reason.utf8.count <= 100 && one.error.utf8.count <= 2_000)
            #expect(try await connection.runCount(AddDeadLetters([one], now: Shop.noon)) == 1)
        }
        #expect("a\u{0}b\r\nc".storable(bytes: 100) == "a b  c")
        #expect("长长".storable(bytes: 5) == "长")
    }

    @Test func aDeadLetterIsReplayedOnceAndUnchanged() async throws {
        let deadLetters: [DeadLetter] = [
            deadLetter(0, key: nil, reason: "malformed_json"),
            deadLetter(1, key: [0, 255], reason: "malformed_json"),
            deadLetter(2, key: [], reason: "other"),
        ]
        #expect(try await connection.runCount(AddDeadLetters(deadLetters, now: Shop.noon)) == 3)
        // The same record again, under another identity.
        let again = deadLetter(1, key: nil, reason: "x")
        #expect(try await connection.runCount(AddDeadLetters([again], now: Shop.noon)) == 0)
        let ids = deadLetters[..<2].map(\.id)
        let take = TakeForReplay(ids + [again.id], largest: 1_000, actor: "ops", now: Shop.noon)
        let taken = try await connection.run(take).sorted { $0.replayCount < $1.replayCount }
        #expect(taken.map(\.id) == ids)
        #expect(taken.map(\.key) == deadLetters[..<2].map(\.key))
        #expect(taken.map(\.value) == deadLetters[..<2].map(\.value))
        #expect(taken.map(\.headers) == deadLetters[..<2].map(\.headers))
        #expect(try await connection.run(take).isEmpty)
        let discard = DiscardDeadLetters(
            deadLetters.map(\.id), actor: "ops", because: "a test", now: Shop.noon)
        #expect(try await connection.run(discard) == [deadLetters[2].id])
        #expect(try await connection.run(discard).isEmpty)
        // Who did what, once each.
        for (record, action) in zip(deadLetters, ["replay", "replay", "discard"]) {
            let trail = try await connection.run(AuditTrail(subject: record.id.description))
            #expect(trail.map(\.action) == ["dead_letter.\(action)"])
            #expect(trail.map(\.actor) == ["ops"])
        }
        let gone = try #require(
            try await connection.run(DeadLettersByID([deadLetters[2].id])).first)
        #expect(gone.status == "discarded")
        #expect(gone.handledBecause == "a test")
        #expect(gone.handledBy == "ops")
    }

    @Test func whatCameBackIsKnown() async throws {
        let first = deadLetter(0, reason: "r")
        let second = deadLetter(7, reason: "r", replayedFrom: first.id)
        _ = try await connection.runCount(AddDeadLetters([first, second], now: Shop.noon))
        let before = try #require(
            try await connection.run(DeadLetterRecordByID(first.id)).first)
        #expect(before.failedAgainAs == [second.id])
        #expect(before.replayedFrom == nil)
        #expect(before.value == first.value)
        #expect(before.headers == first.headers)
        let after = try #require(
            try await connection.run(DeadLetterRecordByID(second.id)).first)
        #expect(after.failedAgainAs.isEmpty)
        #expect(after.replayedFrom == first.id)
    }

    @Test func aKeyOfAnyLengthIsKept() async throws {
        let key = [UInt8](repeating: 7, count: 20_000)
        let long = deadLetter(0, key: key, reason: "r")
        #expect(try await connection.runCount(AddDeadLetters([long], now: Shop.noon)) == 1)
        #expect(try await page(DeadLetterFilter(key: key), limit: 5).map(\.id) == [long.id])
        #expect(try await page(DeadLetterFilter(key: Array(key.dropLast())), limit: 5).isEmpty)
    }

    /// Every filter's pages, one after the other, are what a scan of everything would give.
    @Test func pagesOfEveryFilterAreWhole() async throws {
        var random = SeededRandom()
        var all: [(record: DeadLetter, at: Timestamp)] = []
        for offset in 0..<400 {
            let at = Shop.noon.adding(seconds: random.int(0...40))
            let key: [UInt8]? = random.int(0...3) == 0 ? nil : Array("k\(random.int(0...3))".utf8)
            let one = deadLetter(
                Int64(offset), topic: "t\(random.int(0...2))", key: key,
                reason: "r\(random.int(0...3))", at: at)
            all.append((one, at))
            _ = try await connection.runCount(AddDeadLetters([one], now: at))
        }
        let gone = all.filter { _ in random.int(0...9) == 0 }.map(\.record.id)
        _ = try await connection.run(
            DiscardDeadLetters(gone, actor: "ops", because: nil, now: Shop.noon))
        for _ in 0..<60 {
            var filter = DeadLetterFilter(status: random.int(0...4) == 0 ? .discarded : .open)
            if random.int(0...1) == 0 { filter.topic = "t\(random.int(0...3))" }
            filter.reasons = (0..<random.int(0...2)).map { _ in "r\(random.int(0...4))" }
            if random.int(0...2) == 0 { filter.key = Array("k\(random.int(0...4))".utf8) }
            if random.int(0...1) == 0 {
                filter.since = Shop.noon.adding(seconds: random.int(0...41))
            }
            let expected = all.filter { one in
                gone.contains(one.record.id) == (filter.status == .discarded)
                    && (filter.topic == nil || one.record.originTopic == filter.topic)
                    && (filter.reasons.isEmpty || filter.reasons.contains(one.record.reason))
                    && (filter.key == nil || one.record.key == filter.key)
                    && (filter.since.map { one.at >= $0 } ?? true)
            }
            .map { DeadLetterPlace(createdAt: $0.at, id: $0.record.id) }.sorted()
            let limit = Int(random.int(1...90))
            var found: [DeadLetterPlace] = []
            while true {
                let next = try await page(filter, after: found.last, limit: limit)
                found += next.map(\.place)
                if next.count < limit { break }
            }
            #expect(found == expected, "\(filter) by \(limit); \(random.note)")
            let counted = try await connection.run(CountDeadLetters(filter))
            #expect(counted.reduce(0) { $0 + $1.count } == Int64(expected.count), random.note)
            let some = try await connection.run(CountDeadLetters(filter, limit: 5))
            #expect(some.reduce(0) { $0 + $1.count } == Int64(min(5, expected.count)), random.note)
        }
    }
}

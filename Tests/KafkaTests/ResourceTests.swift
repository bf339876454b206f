import Foundation
import Kafka
import TestWaiting
import Testing

/// Memory is bounded; threads and descriptors come back. They are counted of the whole process, so
/// `make test` runs this suite by itself.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ResourceTests {
    @Test func aSlowReaderHoldsNoMoreThanItsLimits() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("bounded")
        let producer = try cluster.producer()
        let value = [UInt8](repeating: 7, count: 400)
        let start = ContinuousClock.now
        for _ in 0..<40 {
            _ = try await producer.send(
                (0..<5000).map { _ in ProducerRecord(topic: topic, value: value) })
        }
        await producer.close()
        let written = ContinuousClock.now
        let before = try OwnProcess.residentBytes()
        // 80 MB are there; 4 MiB may be held.
        let reader = try cluster.reader(
            topic, limits: ConsumerLimits(queuedBytes: 4 << 20, queuedMessages: 1_000_000))
        var count = 0
        var peak = before
        while count < 200_000 {
            count += try await reader.poll(maxRecords: 5000, wait: .seconds(5)).count
            peak = max(peak, try OwnProcess.residentBytes())
        }
        await reader.close()
        print("200,000 records: written in \(written - start), read in \(.now - written)")
        print("grown by \((peak - before) >> 20) MiB")
        #expect(count == 200_000)
        #expect(peak - before < 60 << 20)
    }

    @Test func nothingIsLeftOfClosedClients() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("leak")
        @Sendable func once() async throws {
            let producer = try cluster.producer()
            _ = try await producer.send([ProducerRecord(topic: topic, value: [1])])
            let reader = try cluster.reader(topic)
            _ = try await reader.read(1)
            let consumer = try cluster.consumer(topic, group: await cluster.group())
            await consumer.close()
            await reader.close()
            await producer.close()
        }
        try await once()
        let descriptors = try OwnProcess.count("/proc/self/fd")
        let threads = try OwnProcess.count("/proc/self/task")
        // Ten at a time: a consumer that closes while its group is formed takes seconds.
        for _ in 0..<5 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { try await once() } }
                try await group.waitForAll()
            }
        }
        // A client that takes long to end isn't waited for when it is closed.
        try await eventually("descriptors and threads are released", within: .seconds(30)) {
            let descriptorsNow = try OwnProcess.count("/proc/self/fd")
            let threadsNow = try OwnProcess.count("/proc/self/task")
            return descriptorsNow <= descriptors + 5 && threadsNow <= threads + 5
        }
    }
}

/// What Linux says of this process.
private enum OwnProcess {
    static func count(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).count
    }

    static func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
}

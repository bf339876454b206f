import Foundation
import TestStack
import Testing

extension OutsideTests {
    /// A business day with a channel at its worst, small. The whole size is
    /// `tally demo --orders 10000 --mishaps heavy`.
    ///
    /// The demo itself compares every order with the channel's trade at the day's end, and fails
    /// where an order or a refund is in progress past its bound.
    @Suite("a heavy day", .serialized) struct HeavyDaySuite {
        @Test func noOrderIsStuckAndEveryMerchantSeesWhatTheChannelHas() async throws {
            let folder = try TemporaryFolder.make("heavy")
            defer { TemporaryFolder.remove(folder) }
            let ending = try await TallyProcess.run(
                [
                    "demo", "--orders", "300", "--seed", "11", "--mishaps", "heavy", "--data",
                    folder + "/data",
                ], folder: folder, within: .seconds(600))
            #expect(ending.status == 0, "\(ending.errors.suffix(4_000))")
            #expect(!ending.errors.contains("unexpected:"))
            let line = String(try #require(ending.output.split(separator: "\n").last))
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["audit"] as? String == "ok", "\(line)")
            // More refunds than merchants requested: those made in the channel's console.
            let refunds = try refunds(folder + "/data/simulator/oracle/channel.jsonl")
            #expect(refunds.contains { $0.hasPrefix("C") }, "the day has no console refund")
            #expect(object["refunds"] as? Int == refunds.count, "\(line)")
        }

        /// out_request_no of every refund at the channel.
        private func refunds(_ file: String) throws -> [String] {
            try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
                .compactMap { text in
                    let line = try JSONSerialization.jsonObject(with: Data(text.utf8))
                    return (line as? [String: Any])?["out_request_no"] as? String
                }
        }
    }
}

import Foundation
import Payments

/// What the simulator saw, written for a check of the platform's figures that shares no code with
/// the platform. JSON lines in UTF-8, amounts in fen, times in RFC 3339, keys sorted:
///
/// - `submissions.jsonl`: every order sent (`SubmissionEntry`): `kind`, `expected`, `scenario`,
///   `merchant_no`, `merchant_order_no`, `product`, `amount_fen`, `expires_in_seconds`, `at`.
/// - `channel.jsonl`: every trade and refund of the channel (`ChannelLine`): `kind` (`trade` or
///   `refund`), `out_trade_no`, `trade_no`, `amount_fen`, `fee_fen` (what the channel charged, or
///   returned with the refund); a trade's `status`, `subject`, `created_at`, `paid_at`,
///   `booked_at` (the bill's time), `closed_at`, `refunded_fen`, `billed_fen` (what its line in
///   the bill says) and `calls` (how many calls of each method); a refund's `out_request_no` and
///   `refunded_at`. A trade that only the channel knows has an `out_trade_no` that no delivery
///   names.
/// - `bill-YYYY-MM-DD.zip`: each day's bill, byte for byte as it was last downloaded.
/// - `bank.jsonl`: every payout number sent to the bank (`BankLine`): `payout_no`, `amount_fen`,
///   `payee_name`, `card_masked`, `outcome` (`processing`, `succeeded`, `failed`, `refused`, or
///   `lost` where the bank never received it), `reason`, `bank_ref`, `pays`, `queries`,
///   `taken_at`, `settled_at`.
/// - `deliveries.jsonl`: every event at every receiver (`ReceiverEntry`): `delivery_id`,
///   `event_id`, `party_no`, `event`, `order_no`, `merchant_order_no`, `amount_fen`,
///   `refunded_fen` and `status` of the last attempt, `attempts`, `repeats` (attempts after the
///   acknowledged one), `verified` (every attempt was signed as it must be), `acknowledged`.
/// - `violations.jsonl`: `source` (`channel` or `bank`) and `violation`; empty in a sound run.
///
/// The parties, their rates and cards are in `../parties.json`.
struct OracleFiles {
    let folder: String

    private let encoder: JSONEncoder

    /// Files below `folder`, which is made if it isn't there.
    init(folder: String) {
        self.folder = folder
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Writes all files anew.
    func write(
        alipay: SimulatedAlipay, bank: SimulatedBank, receivers: Receivers,
        submissions: SubmissionLog, now: Timestamp
    ) async throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try write(await submissions.entries, to: "submissions.jsonl")
        try write(await alipay.oracleLines(), to: "channel.jsonl")
        try write(await bank.records().map { BankLine($0, now: now) }, to: "bank.jsonl")
        try write(await receivers.log(), to: "deliveries.jsonl")
        let violations =
            await alipay.violations().map { ViolationLine(source: "channel", violation: $0) }
            + bank.violations().map { ViolationLine(source: "bank", violation: $0) }
        try write(violations, to: "violations.jsonl")
        for (day, zip) in await alipay.servedBills {
            try write(zip, to: "bill-\(day).zip")
        }
    }

    private func write(_ lines: [some Encodable], to name: String) throws {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += try encoder.encode(line)
            bytes.append(UInt8(ascii: "\n"))
        }
        try write(bytes, to: name)
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
    }
}

/// A line of `violations.jsonl`.
private struct ViolationLine: Encodable {
    let source: String
    let violation: String
}

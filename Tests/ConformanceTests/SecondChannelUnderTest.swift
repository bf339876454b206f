import Channels
import Foundation
import Payments
import Synchronization
import Testing

/// The second channel with its server.
final class SecondChannelUnderTest: ChannelUnderTest {
    let channel: any PaymentChannel
    let network: FaultyTransport
    let clock: MovableClock
    private let server: SecondChannelServer
    private let seal: SecondSeal

    init() throws {
        seal = SecondSeal(key: .hmacSHA256(secret: "second"))
        clock = MovableClock(try #require(Timestamp(shanghai: "2026-11-20 10:00:00")))
        server = SecondChannelServer(seal: seal, clock: clock)
        network = FaultyTransport(server)
        channel = SecondChannel(seal: seal, transport: network)
    }

    func open(_ handle: PayHandle) async throws {
        let query = try #require(handle.url?.split(separator: "?", maxSplits: 1).last)
        try server.open(try #require(FormEncoding.decode(Array(query.utf8)[...])))
    }

    func pay(_ orderNo: String, foreignAppFirst: Bool) async throws -> [[UInt8]] {
        try server.pay(orderNo, foreignAppFirst: foreignAppFirst)
    }

    func forgedNotification(orderNo: String) async throws -> [UInt8] {
        SecondSeal(key: .hmacSHA256(secret: "attacker"))
            .close(["app": "app-2", "order": orderNo, "state": "paid", "amount": "10000"])
    }

    func signedSuccess(of answer: ChannelAnswer) throws -> [UInt8] {
        seal.close(["call": answer.method, "result": "done", "state": "paid"])
    }

    func unsigned(_ notification: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: notification, as: UTF8.self)
        let end = try #require(text.range(of: #","mac""#))
        return Array((text[..<end.lowerBound] + "}").utf8)
    }
}

/// The other side of the second channel: trades in memory.
final class SecondChannelServer: ChannelTransport {
    private struct Trade {
        var state = "waiting"
        let amount: Int64
        var refunds: [String: Int64] = [:]
        var paidAt: Int64 = 0

        var refunded: Int64 { refunds.values.reduce(0, +) }
    }

    private typealias Fields = [String: String]

    private let seal: SecondSeal
    private let clock: MovableClock
    private let trades = Mutex<[String: Trade]>([:])

    init(seal: SecondSeal, clock: MovableClock) {
        self.seal = seal
        self.clock = clock
    }

    func open(_ message: [UInt8]) throws {
        let fields = try seal.open(message)
        let order = try #require(fields["order"])
        let amount = try #require(fields["amount"].flatMap { Int64($0) })
        trades.withLock { $0[order] = Trade(amount: amount) }
    }

    func pay(_ order: String, foreignAppFirst: Bool) throws -> [[UInt8]] {
        let now = clock.now().microseconds
        trades.withLock { trades in
            trades[order]?.state = "paid"
            trades[order]?.paidAt = now
        }
        let fields = trades.withLock { Self.fields(of: order, in: $0) }
        return (foreignAppFirst ? ["app-other", "app-2"] : ["app-2"]).map { app in
            seal.close(fields.merging(["app": app, "seller": "shop-2"]) { $1 })
        }
    }

    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        do {
            let call = try seal.open(request.body)
            let reply = trades.withLock { answer(call, &$0) }
            return TransportAnswer(status: 200, body: seal.close(reply))
        } catch {
            return TransportAnswer(status: 400, body: [])
        }
    }

    private func answer(_ call: Fields, _ trades: inout [String: Trade]) -> Fields {
        let order = call["order"] ?? ""
        var reply = ["call": call["call"] ?? "", "order": order, "result": "done"]
        reply["refund"] = call["refund"]
        func refused(_ code: String) -> Fields {
            reply.merging(["result": "refused", "code": code]) { $1 }
        }
        if call["call"] == "bill" { return bill(call["day"] ?? "", trades, reply) }
        guard let trade = trades[order] else { return refused("NOT_FOUND") }
        switch call["call"] {
        case "query": break
        case "close":
            guard trade.state == "waiting" else { return refused("WRONG_STATE") }
            trades[order]?.state = "closed"
        case "refund", "refund-query":
            guard trade.paidAt > 0, let number = call["refund"] else {
                return refused("WRONG_STATE")
            }
            if call["call"] == "refund", let amount = call["amount"].flatMap({ Int64($0) }) {
                guard trade.refunds[number] ?? amount == amount else { return refused("AMOUNT") }
                trades[order]?.refunds[number] = amount
            }
            guard let amount = trades[order]?.refunds[number] else {
                return refused("NO_REFUND")
            }
            reply["refund_amount"] = "\(amount)"
            reply["refunded"] = "\(trades[order]?.refunded ?? 0)"
            reply["state"] = "refunded"
        default: return refused("NO_CALL")
        }
        return Self.fields(of: order, in: trades).merging(reply) { $1 }
    }

    private static func fields(of order: String, in trades: [String: Trade]) -> Fields {
        guard let trade = trades[order] else { return [:] }
        return [
            "order": order, "trade": "trade-\(order)", "state": trade.state,
            "amount": "\(trade.amount)", "at": "\(trade.paidAt)",
        ]
    }

    private func bill(_ day: String, _ trades: [String: Trade], _ reply: Fields) -> Fields {
        guard let day = BusinessDay(day), clock.now() >= day.end.adding(seconds: 9 * 3_600) else {
            return reply.merging(["result": "refused", "code": "NOT_YET"]) { $1 }
        }
        let inDay = trades.filter { order in
            let time = Timestamp(microseconds: order.value.paidAt)
            return time >= day.start && time < day.end
        }.sorted { $0.key < $1.key }
        guard !inDay.isEmpty else {
            return reply.merging(["result": "refused", "code": "EMPTY"]) { $1 }
        }
        var rows = ["shop-2-balance,\(day)"]
        for (order, trade) in inDay {
            rows.append("trade,trade-\(order),\(order),,\(trade.amount),0,\(trade.paidAt)")
            for (number, amount) in trade.refunds.sorted(by: { $0.key < $1.key }) {
                rows.append("refund,trade-\(order),\(order),\(number),\(amount),0,\(trade.paidAt)")
            }
        }
        let paid = inDay.reduce(0) { $0 + $1.value.amount }
        let refunds = inDay.flatMap { $0.value.refunds.values }
        rows.append("end,\(inDay.count),\(paid),\(refunds.count),\(refunds.reduce(0, +))")
        return reply.merging(["file": rows.joined(separator: "\n")]) { $1 }
    }
}

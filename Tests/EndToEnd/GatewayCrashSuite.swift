import Embedded
import Foundation
import Postgres
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// A gateway is killed while it takes orders: the merchant sends its order again, and has one.
    @Suite("A gateway is killed", .serialized) struct GatewayCrashSuite {
        private static let orders = 300

        @Test func orderSentAgainIsOneOrder() async throws {
            try await CrashStack.with { stack in
                let port = try LoopbackPort.free(count: 1)[0]
                let worker = try stack.worker("signature")
                let gateway = Gateway(stack: stack, port: port, killsAt: [60, 120, 180, 240])
                try await gateway.start()
                let replies = try await withThrowingTaskGroup(of: [Int: String].self) { group in
                    for lane in 0..<8 {
                        group.addTask {
                            var replies: [Int: String] = [:]
                            for index in stride(from: lane, to: Self.orders, by: 8) {
                                replies[index] = try await gateway.orderNo(of: index)
                            }
                            return replies
                        }
                    }
                    return try await group.reduce(into: [:]) { $0.merge($1) { old, _ in old } }
                }
                #expect(await gateway.kills == 4)
                try await check(replies, on: stack)
                for process in [worker, await gateway.process].compactMap(\.self) {
                    process.signal(SIGTERM)
                    #expect(try await process.ending(within: .seconds(30)).status == 0)
                }
            }
        }

        // Each reply names the one order that there is.
        private func check(_ replies: [Int: String], on stack: CrashStack) async throws {
            let rows = try await stack.database.execute(
                "select merchant_order_no, order_no from orders")
            #expect(rows.count == Self.orders && replies.count == Self.orders)
            for row in rows {
                let index = try #require(Int(try row.text(0).dropFirst()))
                #expect(replies[index] == (try row.text(1)))
            }
            #expect(try await stack.count("select count(*) from order_rejections") == 0)
            #expect(try await stack.count("select count(*) from dead_letters") == 0)
        }
    }
}

/// One gateway's address; the process behind it is killed and started again.
private actor Gateway {
    private let stack: CrashStack
    private let port: UInt16
    private let client: OutsideClient
    private let killsAt: Set<Int>
    private(set) var process: TallyProcess?
    private var sent = 0
    /// Kills so far.
    private(set) var kills = 0

    /// - Parameter killsAt: the gateway is killed as the order of this number is sent; other lanes'
    ///   orders are in flight, and orders remain to be sent.
    init(stack: CrashStack, port: UInt16, killsAt: Set<Int>) {
        self.stack = stack
        self.port = port
        self.killsAt = killsAt
        client = OutsideClient(gateway: "http://127.0.0.1:\(port)")
    }

    func start() throws { process = try stack.role(["gateway"], port: port) }

    private func killAndStart() async throws {
        process?.signal(SIGKILL)
        let ending = try await process?.ending(within: .seconds(10))
        #expect(ending?.status == 128 + SIGKILL)
        kills += 1
        try start()
    }

    /// Sends an order as a merchant does: again where no reply comes, or none that decides it.
    func orderNo(of index: Int) async throws -> String {
        sent += 1
        let body = try stack.order(index).json()
        let client = client
        if killsAt.contains(sent) {
            async let unanswered = try? client.post("/v1/orders", json: body)
            try await killAndStart()
            _ = await unanswered
        }
        return try await eventually("order \(index) has a reply") {
            guard let reply = try? await client.post("/v1/orders", json: body) else { return nil }
            guard reply.status == 200 || reply.status == 201 else {
                #expect([202, 429, 503].contains(reply.status), "\(reply.text)")
                return nil
            }
            return reply["order_no"]
        }
    }
}

import Embedded
import Foundation
import Postgres
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// A gateway that dies keeps nobody from paying: the merchant asks again, and gets one order.
    @Suite("A gateway dies", .serialized) struct GatewayCrashSuite {
        private static let orders = 300

        @Test func whoAsksAgainHasOneOrder() async throws {
            try await CrashStack.with { stack in
                let port = try LoopbackPort.free(count: 1)[0]
                let worker = try stack.worker("signature")
                let gateway = Gateway(stack: stack, port: port)
                try await gateway.start()
                let told = try await withThrowingTaskGroup(of: [Int: String].self) { group in
                    for lane in 0..<8 {
                        group.addTask {
                            var told: [Int: String] = [:]
                            for index in stride(from: lane, to: Self.orders, by: 8) {
                                told[index] = try await gateway.orderNo(of: index)
                            }
                            return told
                        }
                    }
                    group.addTask {
                        for share in 1...4 {
                            try await eventually("orders are asked for") {
                                await gateway.asked >= Self.orders * share / 5
                            }
                            try await gateway.dieAndStart()
                        }
                        return [:]
                    }
                    return try await group.reduce(into: [:]) { $0.merge($1) { old, _ in old } }
                }
                try await check(told, on: stack)
                for process in [worker, await gateway.process].compactMap(\.self) {
                    process.signal(SIGTERM)
                    #expect(try await process.ending(within: .seconds(30)).status == 0)
                }
            }
        }

        // Each was answered with the number of the one order that there is.
        private func check(_ told: [Int: String], on stack: CrashStack) async throws {
            let rows = try await stack.database.execute(
                "select merchant_order_no, order_no from orders")
            #expect(rows.count == Self.orders && told.count == Self.orders)
            for row in rows {
                let index = try #require(Int(try row.text(0).dropFirst()))
                #expect(told[index] == (try row.text(1)))
            }
            #expect(try await stack.count("select count(*) from order_rejections") == 0)
            #expect(try await stack.count("select count(*) from dead_letters") == 0)
        }
    }
}

/// One gateway's address; the process behind it dies and is started again.
private actor Gateway {
    private let stack: CrashStack
    private let port: UInt16
    private let client: OutsideClient
    private(set) var process: TallyProcess?
    /// Orders that were asked for so far.
    private(set) var asked = 0

    init(stack: CrashStack, port: UInt16) {
        self.stack = stack
        self.port = port
        client = OutsideClient(gateway: "http://127.0.0.1:\(port)")
    }

    func start() throws { process = try stack.role(["gateway"], port: port) }

    func dieAndStart() async throws {
        process?.signal(SIGKILL)
        _ = try await process?.ending(within: .seconds(10))
        try start()
    }

    /// Asks for an order as a merchant does: again where no answer comes, or none yet.
    func orderNo(of index: Int) async throws -> String {
        asked += 1
        let body = try stack.order(index).json()
        let client = client
        return try await eventually("order \(index) is answered") {
            guard let answer = try? await client.post("/v1/orders", json: body) else { return nil }
            guard answer.status == 200 || answer.status == 201 else {
                #expect([202, 429, 503].contains(answer.status), "\(answer.text)")
                return nil
            }
            return answer["order_no"]
        }
    }
}

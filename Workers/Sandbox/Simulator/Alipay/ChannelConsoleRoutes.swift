import Foundation
import Hummingbird
import NIOCore
import Payments

/// The channel's console over HTTP, for tests in any language: faults, refunds and closes of a
/// trade, agreements, the limit on calls (docs/simulator.md).
struct ChannelConsoleRoutes: Sendable {
    let alipay: SimulatedAlipay

    private static let bodyLimit = 64 * 1024

    func add(to router: Router<BasicRequestContext>) {
        let console = router.group("/console")
        console.get("/orders/:order_no") { _, context in
            try await show(context.parameters.require("order_no"))
        }
        console.put("/orders/:order_no/faults") { request, context in
            let orderNo = try context.parameters.require("order_no")
            return try await read(ChannelFaults.self, request) { faults in
                await alipay.setFaults(faults, orderNo: orderNo)
                return SimulatorResponse.text("ok\n")
            }
        }
        console.post("/orders/:order_no/refunds") { request, context in
            let orderNo = try context.parameters.require("order_no")
            return try await read(RefundRequest.self, request) { refund in
                await self.refund(orderNo, refund)
            }
        }
        console.post("/orders/:order_no/close") { _, context in
            let isClosed = try await alipay.closeAtConsole(
                orderNo: context.parameters.require("order_no"))
            return isClosed
                ? SimulatorResponse.text("closed\n")
                : SimulatorResponse.text("it isn't waiting to be paid\n", status: .conflict)
        }
        console.put("/agreements/:agreement_no") { request, context in
            let agreementNo = try context.parameters.require("agreement_no")
            return try await read(AgreementRequest.self, request) { agreement in
                await alipay.putAgreement(agreementNo, agreement.status)
                return SimulatorResponse.text("ok\n")
            }
        }
        console.get("/merchants") { _, _ in
            let created = try JSONEncoder().encode(await alipay.createdMerchants())
            return SimulatorResponse.bytes(Array(created), type: "application/json")
        }
        console.put("/call-limit") { request, _ in
            try await read(CallLimitRequest.self, request) { limit in
                await alipay.limitCalls(perSecond: limit.perSecond)
                return SimulatorResponse.text("ok\n")
            }
        }
    }

    private struct RefundRequest: Decodable {
        let amountFen: Int64
        let requestNo: String?
    }

    private struct AgreementRequest: Decodable {
        let status: AgreementBook.Status
    }

    private struct CallLimitRequest: Decodable {
        let perSecond: Int?
    }

    private struct TradePage: Encodable {
        struct Refund: Encodable {
            let requestNo: String
            let amountFen: Int64
        }

        let orderNo: String
        let tradeNo: String
        let status: String
        let amountFen: Int64
        let refundedFen: Int64
        let refunds: [Refund]
    }

    private func show(_ orderNo: String) async throws -> Response {
        guard let trade = await alipay.book.trades[orderNo] else {
            return SimulatorResponse.text("no such trade\n", status: .notFound)
        }
        let page = TradePage(
            orderNo: trade.orderNo, tradeNo: trade.tradeNo, status: trade.status.rawValue,
            amountFen: trade.terms.amount.fen, refundedFen: trade.refunded.fen,
            refunds: trade.refunds.map {
                TradePage.Refund(requestNo: $0.requestNo, amountFen: $0.amount.fen)
            })
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        return SimulatorResponse.json(Array(try encoder.encode(page)))
    }

    private func refund(_ orderNo: String, _ refund: RefundRequest) async -> Response {
        let result = await alipay.refundAtConsole(
            orderNo: orderNo, amount: Money(fen: refund.amountFen), requestNo: refund.requestNo)
        switch result {
        case .success(let made):
            return SimulatorResponse.json(
                Array(OrderedJSON.object([("request_no", made.requestNo)]).utf8))
        case .failure(let refusal):
            return SimulatorResponse.text(refusal.reason.rawValue + "\n", status: .conflict)
        }
    }

    private func read<Body: Decodable>(
        _ type: Body.Type, _ request: Request, then serve: (Body) async -> Response
    ) async throws -> Response {
        let bytes = Array(buffer: try await request.body.collect(upTo: Self.bodyLimit))
        let decoder = JSONDecoder()
        // The faults name their own fields.
        if type != ChannelFaults.self { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        let body: Body
        do {
            body = try decoder.decode(type, from: Data(bytes))
        } catch {
            return SimulatorResponse.text("\(error)\n", status: .badRequest)
        }
        return await serve(body)
    }
}

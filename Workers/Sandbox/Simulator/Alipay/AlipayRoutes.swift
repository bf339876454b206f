import Channels
import Hummingbird
import NIOCore
import Payments
import WorkerRuntime

/// The channel's addresses on the simulator's router.
struct AlipayRoutes: Sendable {
    let alipay: SimulatedAlipay
    let pages: CashierPages

    /// Bytes; a longer body is refused.
    private static let bodyLimit = 256 * 1024
    private static let fileLimit = DocumentImage.limit + 64 * 1024

    /// Adds `gateway.do`, the cashier and the bills.
    func add(to router: Router<BasicRequestContext>) {
        router.get("/gateway.do") { request, _ in try await gateway(request) }
        router.post("/gateway.do") { request, _ in try await gateway(request) }
        router.post("/cashier/app") { request, _ in try await openApp(request) }
        router.post("/cashier/pay") { request, _ in try await pay(request) }
        router.get("/\(BillLink.path)") { request, _ in try await bill(request) }
    }

    private func gateway(_ request: Request) async throws -> Response {
        let type = request.headers[.contentType] ?? ""
        let hasFile = type.hasPrefix("multipart/form-data")
        let limit = hasFile ? Self.fileLimit : Self.bodyLimit
        let content = Array(buffer: try await request.body.collect(upTo: limit))
        let body = hasFile ? [] : content
        let file =
            hasFile
            ? MultipartFile.bytes(of: "image_content", in: content, contentType: type) : nil
        let parameters: AlipayParameters
        do throws(AlipayError) {
            parameters = try AlipayParameters(query: request.uri.query ?? "", body: body)
        } catch {
            return SimulatorResponse.text(
                alipay.wire.envelope(
                    method: nil, node: AnswerNode(error.node), signedBy: nil),
                type: "text/html;charset=utf-8")
        }
        let answer = await alipay.respond(to: parameters, file: file)
        if case .late(let text, let seconds) = answer {
            try await Task.sleep(for: .seconds(seconds))
            return page(.json(text))
        }
        return page(answer)
    }

    /// The app posts the signed order string.
    private func openApp(_ request: Request) async throws -> Response {
        let body = try await Self.body(of: request)
        guard let parameters = try? AlipayParameters(query: "", body: body),
            parameters["method"] == AlipayMethod.appPay.rawValue
        else { return page(.refusedPage("订单信息无法识别")) }
        return page(await alipay.respond(to: parameters))
    }

    private func pay(_ request: Request) async throws -> Response {
        let body = try await Self.body(of: request)
        guard let form = try? AlipayParameters(query: "", body: body),
            let orderNo = form["out_trade_no"]
        else { return page(.refusedPage("缺少订单号")) }
        return page(await alipay.pay(orderNo: orderNo))
    }

    private func bill(_ request: Request) async throws -> Response {
        guard
            let parameters = try? AlipayParameters(query: request.uri.query ?? "", body: []),
            let link = BillLink(query: parameters.values)
        else { return SimulatorResponse.text("not the address of a bill", status: .notFound) }
        guard link.isValid(at: alipay.clock.now()) else {
            return SimulatorResponse.text(
                "this address expired after 30 s; request a new one", status: .forbidden)
        }
        return SimulatorResponse.bytes(
            try await alipay.serveBill(of: link.day), type: "application/zip")
    }

    private func page(_ response: AlipayResponse) -> Response {
        switch response {
        case .bytes(let bytes, let status):
            SimulatorResponse.bytes(
                bytes, status: HTTPResponse.Status(code: status), type: "text/html;charset=GBK")
        case .lost(let bytes):
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(bytes: bytes))
                    throw ConnectionEnds()
                })
        case .json(let text), .late(let text, _):
            SimulatorResponse.text(text, type: "text/html;charset=utf-8")
        case .cashier(let trade): SimulatorResponse.html(pages.pay(trade))
        case .paidPage(let trade): SimulatorResponse.html(pages.paid(trade))
        case .refusedPage(let reason):
            SimulatorResponse.html(pages.refused(reason), status: .conflict)
        case .redirect(let address):
            Response(status: .seeOther, headers: [.location: address])
        }
    }

    /// Ends the connection within an answer.
    private struct ConnectionEnds: Error {}

    private static func body(of request: Request) async throws -> [UInt8] {
        Array(buffer: try await request.body.collect(upTo: bodyLimit))
    }
}

import Foundation
import Logging
import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("Alipay's channel")
struct AlipayChannelTests {
    private let request = PayRequest(
        orderNo: "A20261120000001", amount: Money(fen: 9850), subject: "测试商品 A&B=1+1/2",
        product: .pc, expiresAt: Made.now.adding(seconds: 1800),
        returnURL: "https://shop.example.test/return", attach: "agent=1001&mch=200001")

    private func paying(_ product: Product) -> PayRequest {
        PayRequest(
            orderNo: request.orderNo, amount: request.amount, subject: request.subject,
            product: product, expiresAt: request.expiresAt, returnURL: request.returnURL,
            attach: request.attach)
    }

    private func fields(_ form: AlipayForm) throws -> [String: String] {
        let text = try #require(try form.text("biz_content"))
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    @Test(arguments: [
        (Product.pc, "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
        (Product.wap, "alipay.trade.wap.pay", "QUICK_WAP_WAY"),
        (Product.app, "alipay.trade.app.pay", "QUICK_MSECURITY_PAY"),
    ])
    func payHandles(product: Product, method: String, code: String) throws {
        let handle = try Made.channel().payHandle(for: paying(product), now: Made.now)
        let query: String
        switch handle {
        case .parameters(let text): query = text
        case .url(let url):
            let parts = url.split(separator: "?", maxSplits: 1)
            #expect(parts.first == "https://gateway.example.test/gateway.do")
            query = String(try #require(parts.last))
        }
        #expect((product == .app) == (handle == .parameters(query)))
        let form = try AlipayForm(received: Array(query.utf8))
        try Made.app().verifier.verify(form, .request)
        #expect(try form.text("method") == method)
        #expect(try form.text("timestamp") == "2026-11-20 10:15:30")
        #expect(try form.text("sign_type") == "RSA2")
        #expect(try form.text("return_url") == (product == .app ? nil : request.returnURL))
        #expect(try form.text("notify_url")?.hasSuffix("/v1/channels/alipay/notify") == true)
        let content = try fields(form)
        #expect(content["product_code"] == code)
        #expect(content["total_amount"] == "98.50")
        #expect(content["subject"] == request.subject)
        #expect(content["time_expire"] == "2026-11-20 10:45:30")
        #expect(content["passback_params"] == "agent%3D1001%26mch%3D200001")
        #expect(try Made.channel().payHandle(for: paying(product), now: Made.now) == handle)
    }

    @Test func anyTextIsCarriedInARequest() throws {
        let odd = "\"\\\u{1}\n\t/<>\u{2028}𠮷🍵"
        let odder = PayRequest(
            orderNo: "O1", amount: Money(fen: 1), subject: odd, product: .app,
            expiresAt: Made.now)
        let handle = try Made.channel().payHandle(for: odder, now: Made.now)
        guard case .parameters(let text) = handle else {
            Issue.record("an app's payment is no address")
            return
        }
        #expect(try fields(try AlipayForm(received: Array(text.utf8)))["subject"] == odd)
    }

    @Test func callsAreSignedPosts() async throws {
        let node =
            #"{"code":"10000","out_trade_no":"O1","fund_change":"Y","refund_fee":"1.00"}"#
        let transport = TransportDouble(
            try Made.alipay().response(method: "alipay.trade.refund", node: node))
        let answer = try await Made.channel(transport).refund(
            orderNo: "O1", refundNo: "R1", amount: Money(fen: 100), reason: "部分退货",
            now: Made.now)
        #expect(answer.outcome == .done)
        #expect(answer.method == "alipay.trade.refund")
        let sent = try #require(transport.requests.first)
        #expect(sent.method == .post)
        #expect(!sent.url.contains("biz_content"))
        let query = try #require(sent.url.split(separator: "?").last)
        let form = try AlipayForm(
            received: Array(query.utf8) + [UInt8(ascii: "&")] + sent.body)
        try Made.app().verifier.verify(form, .request)
        #expect(try form.text("biz_content")?.contains(#""out_request_no":"R1""#) == true)
        #expect(try form.text("biz_content")?.contains(#""refund_amount":"1.00""#) == true)
    }

    private func failure(_ transport: TransportDouble) async throws -> ChannelError? {
        do {
            _ = try await Made.channel(transport).query(orderNo: "O1", now: Made.now)
            return nil
        } catch let error as ChannelError {
            return error
        }
    }

    private func refusal(_ code: String, _ subCode: String) throws -> TransportDouble {
        TransportDouble(
            try Made.alipay().response(
                method: "alipay.trade.query",
                node: #"{"code":"\#(code)","msg":"m","sub_code":"\#(subCode)","#
                    + #""out_trade_no":"O1"}"#))
    }

    @Test func whatIsNotKnownIsNotDecided() async throws {
        let success = #"{"code":"10000","out_trade_no":"O1","trade_status":"TRADE_SUCCESS"}"#
        let other = success.replacing("O1", with: "O2")
        let doubles = [
            TransportDouble([.failure(.unknownOutcome(reason: "time-out"))]),
            TransportDouble([], status: 502), TransportDouble(Array("<html>".utf8)),
            TransportDouble(Array(#"{"alipay_trade_query_response":\#(success)}"#.utf8)),
            TransportDouble(
                Array(#"{"error_response":{"code":"40002","sub_code":"isv.x-app-id"}}"#.utf8)),
            TransportDouble(
                try Made.attacker().response(method: "alipay.trade.query", node: success)),
            TransportDouble(
                try Made.alipay().response(method: "alipay.trade.query", node: other)),
            try refusal("40004", "ACQ.SYSTEM_ERROR"), try refusal("40004", "AQC.SYSTEM_ERROR"),
            try refusal("20000", "isp.unknow-error"), try refusal("99999", "what"),
        ]
        for (index, double) in doubles.enumerated() {
            let error = try await failure(double)
            guard case .unknownOutcome = error else {
                Issue.record("case \(index): \(String(describing: error))")
                continue
            }
            #expect(error?.isTransient == true)
        }
    }

    @Test func noSuchTradeThatNamesNoOrderIsAnUnknownOutcome() async throws {
        let nameless = try Made.alipay().response(
            method: "alipay.trade.query",
            node: #"{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}"#)
        guard case .unknownOutcome(let reason) = try await failure(TransportDouble(nameless))
        else {
            Issue.record("it would close an order that the channel knows")
            return
        }
        #expect(reason.contains("the call was about order O1"))
    }

    @Test func refusalsAreSorted() async throws {
        #expect(try await failure(try refusal("40004", "ACQ.TRADE_NOT_EXIST")) == nil)
        guard case .rateLimited = try await failure(try refusal("40005", "isv.app-call-limited"))
        else {
            Issue.record("a limit on calls")
            return
        }
        for (code, sub) in [
            ("40006", "isv.insufficient-isv-permissions"), ("40002", "isv.invalid-signature"),
            ("20001", "aop.invalid-app-auth-token"),
        ] {
            guard case .configuration = try await failure(try refusal(code, sub)) else {
                Issue.record("\(code) \(sub)")
                continue
            }
        }
    }

    @Test func anAnswerSaysWhetherTheCallMaySucceedLater() async throws {
        let refused = ChannelOutcome.refused
        let forNow = ChannelOutcome.refusedForNow
        let rows: [(code: String, subCode: String, (ChannelRefusal) -> ChannelOutcome)] = [
            ("40004", "ACQ.TRADE_NOT_EXIST", refused),
            ("40004", "ACQ.SELLER_BEEN_BLOCKED", forNow), ("40004", "ACQ.WHAT", forNow),
            ("40002", "isv.invalid-parameter", refused), ("40001", "isv.missing-x", refused),
        ]
        for (code, subCode, outcome) in rows {
            let answer = try await Made.channel(try refusal(code, subCode))
                .query(orderNo: "O1", now: Made.now)
            #expect(answer.outcome == outcome(ChannelRefusal(code: subCode, message: "m")))
            #expect(answer.code == subCode)
        }
        let bare = try Made.alipay().response(
            method: "alipay.trade.query", node: #"{"code":"40004","msg":"m","out_trade_no":"O1"}"#)
        let answer = try await Made.channel(TransportDouble(bare))
            .query(orderNo: "O1", now: Made.now)
        #expect(answer.outcome == forNow(ChannelRefusal(code: "40004", message: "m")))
    }

    @Test(arguments: [("fund_change", "Y"), ("fund_change", "N"), ("refund_status", "")])
    func aRefundIsDoneOnlyWhereMoneyMoved(field: String, value: String) async throws {
        let node =
            #"{"code":"10000","out_trade_no":"O1","refund_fee":"1.00","\#(field)":"\#(value)"}"#
        let isQuery = field == "refund_status"
        let method = isQuery ? "alipay.trade.fastpay.refund.query" : "alipay.trade.refund"
        let channel = try Made.channel(
            TransportDouble(try Made.alipay().response(method: method, node: node)))
        let answer =
            isQuery
            ? try await channel.queryRefund(orderNo: "O1", refundNo: "R1", now: Made.now)
            : try await channel.refund(
                orderNo: "O1", refundNo: "R1", amount: Money(fen: 100), reason: "r", now: Made.now)
        #expect(answer.outcome == (value == "Y" ? .done : .pending))
    }

    @Test func bills() async throws {
        let day = try #require(BusinessDay("2026-11-20"))
        let method = "alipay.data.dataservice.bill.downloadurl.query"
        let early = day.end.adding(seconds: 8 * 3600)
        let late = day.end.adding(seconds: 10 * 3600)
        func signed(_ node: String) throws -> Result<TransportAnswer, ChannelError> {
            .success(
                TransportAnswer(
                    status: 200, body: try Made.alipay().response(method: method, node: node)))
        }
        let address = #"{"code":"10000","bill_download_url":"http:\/\/bills.example.test\/f?a=b"}"#
        let transport = TransportDouble([
            try signed(address), .success(TransportAnswer(status: 200, body: [1, 2, 3])),
        ])
        #expect(
            try await Made.channel(transport).bill(day: day, now: late) == .file([1, 2, 3]))
        #expect(transport.requests.last?.url == "http://bills.example.test/f?a=b")
        #expect(transport.requests.last?.method == .get)
        let empty =
            #"{"code":"10000","bill_download_url":"http://x.test/","#
            + #""bill_file_code":"EMPTY_DATA_WITH_BILL_FILE"}"#
        #expect(
            try await Made.channel(TransportDouble([try signed(empty)])).bill(day: day, now: late)
                == .empty)
        for subCode in ["BILL_NOT_EXIST", "isp.bill_not_exist", "NO_BILL_DATA"] {
            let none = #"{"code":"40004","sub_code":"\#(subCode)"}"#
            for (now, expected) in [(early, BillDownload.notYet), (late, .empty)] {
                let channel = try Made.channel(TransportDouble([try signed(none)]))
                #expect(try await channel.bill(day: day, now: now) == expected, "\(subCode)")
            }
        }
        let bad = #"{"code":"10000","bill_download_url":"file:///etc/passwd"}"#
        await #expect(throws: ChannelError.self) {
            try await Made.channel(TransportDouble([try signed(bad)])).bill(day: day, now: late)
        }
    }

    @Test func mistakesInTheConfigurationAreNamed() throws {
        let appPublic = try Vectors.text("keys/app_public.pem")
        let changes: [(inout AlipayConfiguration) -> Void] = [
            { $0.alipayPublicKeyPEM = appPublic }, { $0.alipayPublicKeyPEM = "none" },
            { $0.appPrivateKeyPEM = "" }, { $0.gatewayURL = "gateway" },
            { $0.notifyURL = "https://pay.example.test/notify?a=b" },
        ]
        for change in changes {
            var configuration = try Made.configuration()
            change(&configuration)
            #expect(throws: ChannelError.self) {
                try AlipayChannel(
                    configuration, transport: TransportDouble([]), logger: Logger(label: "test"))
            }
        }
        #expect(!"\(try Made.configuration())".contains("PRIVATE"))
        var dumped = ""
        dump(try Made.configuration(), to: &dumped)
        #expect(!dumped.contains("BEGIN"))
    }
}

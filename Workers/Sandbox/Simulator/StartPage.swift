import Hummingbird
import Mustache
import Payments

/// `/` and `/healthz`: the simulator's addresses and trades.
struct StartPage: Sendable {
    private let simulator: Simulator
    private let template: MustacheTemplate

    /// The number of trades on the page.
    private static let rows = 50

    init(simulator: Simulator) throws {
        self.simulator = simulator
        template = try MustacheTemplate(string: Self.page)
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/healthz") { _, _ in SimulatorResponse.text("ok\n") }
        router.get("/") { _, _ in SimulatorResponse.html(await render()) }
    }

    private func render() async -> String {
        let trades = await simulator.alipay.trades().prefix(Self.rows).map { trade in
            [
                "order": trade.orderNo, "trade": trade.tradeNo,
                "status": trade.status.rawValue, "amount": trade.terms.amount.yuan,
                "refunded": trade.refunded.yuan, "subject": trade.terms.subject,
                "created": trade.createdAt.shanghai,
            ]
        }
        let payouts = await simulator.bank.records().count
        return template.render(
            [
                "gateway": simulator.config.alipayGatewayURL, "bank": simulator.config.bankURL,
                "folder": simulator.config.folder, "platform": simulator.config.gatewayURL,
                "trades": Array(trades), "payouts": String(payouts),
            ] as [String: Any])
    }

    private static let page = """
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Simulator</title>
        <style>body{font:15px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:70rem;
        margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}
        td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left}</style></head>
        <body><h1>模拟渠道 · Simulator</h1>
        <p>A simulated channel, bank and parties' systems. No real money moves.</p>
        <ul><li>Channel gateway: <code>{{gateway}}</code></li>
        <li>Bank: <code>{{bank}}</code> ({{payouts}} payouts)</li>
        <li>Platform: <code>{{platform}}</code></li>
        <li>Keys and sample parties: <code>{{folder}}</code></li>
        <li><a href="/receivers/log">Deliveries that agents and merchants received</a></li></ul>
        <h2>To pay</h2><p>Send an order to the platform, open its <code>pay_url</code> in a
        browser and press the button; an APP order's <code>pay_params</code> are posted to
        <code>/cashier/app</code>.</p>
        <h2>Trades</h2><table><tr><th>Order</th><th>Trade</th><th>Status</th><th>Amount</th>
        <th>Refunded</th><th>Subject</th><th>Created</th></tr>
        {{#trades}}<tr><td>{{order}}</td><td>{{trade}}</td><td>{{status}}</td><td>{{amount}}</td>
        <td>{{refunded}}</td><td>{{subject}}</td><td>{{created}}</td></tr>
        {{/trades}}</table></body></html>
        """
}

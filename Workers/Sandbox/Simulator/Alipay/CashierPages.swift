import Mustache
import Payments

/// The payer's pages.
struct CashierPages: Sendable {
    private let cashier: MustacheTemplate
    private let message: MustacheTemplate

    /// Parses the templates.
    init() throws {
        cashier = try MustacheTemplate(string: Self.head + Self.cashierBody)
        message = try MustacheTemplate(string: Self.head + Self.messageBody)
    }

    /// The page with the Pay button.
    func pay(_ trade: Trade) -> String {
        cashier.render([
            "title": "收银台", "subject": trade.terms.subject, "amount": trade.terms.amount.yuan,
            "order": trade.orderNo, "trade": trade.tradeNo,
            "expires": trade.terms.expiresAt?.shanghai ?? "—",
        ])
    }

    /// The page after paying, where the merchant named no return address.
    func paid(_ trade: Trade) -> String {
        message.render([
            "title": "支付成功",
            "text": "\(trade.terms.subject)，\(trade.terms.amount.yuan) 元，交易号 \(trade.tradeNo)",
        ])
    }

    /// The page with the reason of a refusal.
    func refused(_ reason: String) -> String {
        message.render(["title": "无法支付", "text": reason])
    }

    private static let head = """
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>{{title}}</title><style>
        body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;margin:0;background:#f5f7fa}
        main{max-width:26rem;margin:3rem auto;padding:1.5rem;background:#fff;border-radius:8px}
        .amount{font-size:2rem;font-weight:600}button{width:100%;padding:.8rem;border:0;
        border-radius:6px;background:#1677ff;color:#fff;font-size:1.1rem}small{color:#667}
        </style></head><body><main><h1>{{title}}</h1>
        """
    private static let cashierBody = """
        <p>{{subject}}</p><p class="amount">¥ {{amount}}</p>
        <form method="post" action="/cashier/pay">
        <input type="hidden" name="out_trade_no" value="{{order}}">
        <button id="pay" type="submit">确认付款</button></form>
        <p><small>订单 {{order}}<br>交易号 {{trade}}<br>请在 {{expires}} 前付款</small></p>
        <p><small>模拟收银台，不会真实扣款</small></p></main></body></html>
        """
    private static let messageBody = """
        <p>{{text}}</p><p><small>模拟收银台，不会真实扣款</small></p></main></body></html>
        """
}

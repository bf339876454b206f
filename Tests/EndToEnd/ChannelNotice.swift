import Foundation
import Payments
import TestSigning
import Testing

/// The channel's asynchronous notification of a trade, made and signed by an outsider who holds the
/// channel's private key.
struct ChannelNotice: Sendable {
    var fields: [String: String]

    init(
        of order: Answer, amount: String = "98.50", paidAt: Timestamp = .now,
        _ endpoints: Endpoints
    ) throws {
        let orderNo = try #require(order["order_no"])
        fields = [
            "notify_time": Timestamp.now.shanghai, "notify_type": "trade_status_sync",
            "notify_id": UUID().uuidString, "app_id": endpoints.alipay.appId,
            "auth_app_id": endpoints.alipay.appId, "charset": "utf-8", "version": "1.0",
            "sign_type": "RSA2", "trade_no": "20261120" + orderNo.suffix(10),
            "out_trade_no": orderNo, "seller_id": endpoints.alipay.sellerId,
            "buyer_id": "2088000000009999", "trade_status": "TRADE_SUCCESS",
            "total_amount": amount, "receipt_amount": amount, "subject": "明前龙井 250 克 & 礼盒",
            "gmt_create": paidAt.shanghai, "gmt_payment": paidAt.shanghai,
        ]
    }

    /// The form, signed with a private key.
    func signed(with file: String) throws -> [(String, String)] {
        let key = try SigningKey(privatePEM: String(contentsOfFile: file, encoding: .utf8))
        let text = SignedFields(fields.filter { $0.key != "sign_type" }.map { ($0.key, $0.value) })
            .stringToSign
        return fields.map { ($0.key, $0.value) } + [("sign", try key.sign(text))]
    }
}

extension RunningStack {
    /// Posts a notification and returns what the gateway says.
    func notify(_ notice: ChannelNotice, signedWith file: String? = nil) async throws -> Answer {
        try await client.post(
            "/v1/channels/alipay/notify",
            form: notice.signed(with: file ?? endpoints.alipay.alipayPrivateKeyFile))
    }
}

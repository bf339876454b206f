package import AsyncHTTPClient
import Events
import Foundation
import NIOCore
import NIOHTTP1
package import Payments

/// One signed order of a sample merchant, sent to the gateway of a stack that is up, as a
/// merchant's own system would.
package struct SampleOrder: Sendable {
    /// The gateway's response.
    package struct Response: Sendable {
        /// The HTTP status.
        package let status: Int
        /// The JSON body.
        package let body: String
        /// Where the order is paid; `nil` where it was refused or is paid in an app.
        package let payURL: String?
    }

    private let endpoints: StackEndpoints
    private let merchantNo: String?

    /// - Parameters:
    ///   - folder: the stack's data folder.
    ///   - merchantNo: a sample merchant; the first that signs alone with a shared secret if `nil`.
    /// - Throws: `SettingError` where no stack is up in the folder.
    package init(folder: String, merchantNo: String?) throws {
        endpoints = try StackEndpoints.read(folder: folder)
        self.merchantNo = merchantNo
    }

    /// Signs and sends the order.
    package func send(
        merchantOrderNo: String, amount: Money, now: Timestamp, client: HTTPClient
    ) async throws -> Response {
        let (merchant, key, secret) = try endpoints.signer(merchantNo)
        let type = SignType(rawValue: key.signType) ?? .md5
        var fields: [String: RequestScalar] = [
            "merchant_no": .text(merchant), "merchant_order_no": .text(merchantOrderNo),
            "product": .text(Product.pc.rawValue), "amount_fen": .integer(amount.fen),
            "currency": .text("CNY"), "subject": .text("明前龙井 250 克"),
            "timestamp": .text(now.rfc3339), "nonce": .text(UUID().uuidString),
            "sign_type": .text(type.rawValue), "key_version": .integer(Int64(key.keyVersion)),
        ]
        let sign = try SigningKey(signType: type, secret: secret)
            .sign(RequestFields(fields).stringToSign())
        fields["sign"] = .text(sign)
        var request = HTTPClientRequest(url: endpoints.gateway + "/v1/orders")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: RequestFields(fields).json()))
        let response = try await client.execute(request, timeout: .seconds(10))
        let collected = try await response.body.collect(upTo: 1 << 20)
        let body = Data(collected.readableBytesView)
        let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any]
        return Response(
            status: Int(response.status.code), body: String(decoding: body, as: UTF8.self),
            payURL: object?["pay_url"] as? String)
    }
}

public import Channels
import Foundation
public import Logging
public import Payments

/// Alipay's open platform, V2 (channel protocol §1): page, WAP and app payments.
///
/// Signs with RSA2 and accepts only what Alipay has signed with RSA2: an answer without a
/// signature, even one that says success, is an unknown outcome.
public final class AlipayChannel: PaymentChannel {
    public let account: ChannelAccount
    public let notificationReplies = NotificationReplies(
        contentType: "text/plain", acknowledged: "success", refused: "fail")

    let requests: AlipayRequests
    private let configuration: AlipayConfiguration
    private let reader: AlipayReader
    private let transport: any ChannelTransport
    private let logger: Logger

    private static let answerLimit = 1024 * 1024
    private static let billLimit = 256 * 1024 * 1024
    // A day's bill is available from about nine o'clock of the next morning.
    private static let billSeconds: Int64 = 9 * 3600

    /// - Throws: `ChannelError.configuration` for keys that can't be read, for the app's own key in
    ///   place of Alipay's public key, and for an address that isn't valid.
    public init(
        _ configuration: AlipayConfiguration, transport: any ChannelTransport, logger: Logger
    ) throws(ChannelError) {
        let signer: AlipaySigner
        do {
            signer = try AlipaySigner(privateKeyPEM: configuration.appPrivateKeyPEM)
        } catch {
            throw .configuration("the app's private key: \(error)")
        }
        let certificates: AlipayCertificates?
        let verifier: AlipayVerifier
        if let files = configuration.certificates {
            let verified = try AlipayCertificates(files, appKey: signer.verifier)
            (certificates, verifier) = (verified, verified.verifier)
        } else {
            (certificates, verifier) = (nil, try Self.verifier(configuration, signer))
        }
        // Without a notify address, inquiries alone find the state of orders.
        let addresses = [configuration.gatewayURL, configuration.notifyURL]
        for (place, address) in addresses.enumerated() where place == 0 || !address.isEmpty {
            guard let parts = URLComponents(string: address), parts.host != nil,
                parts.query == nil, parts.scheme == "https" || parts.scheme == "http"
            else { throw .configuration("'\(address)' is not an http address without a query") }
        }
        account = AlipayStatements.account(
            appID: configuration.appID, sellerID: configuration.sellerID)
        self.configuration = configuration
        self.transport = transport
        self.logger = logger
        requests = AlipayRequests(
            configuration: configuration, signer: signer,
            certificateFields: certificates?.requestFields ?? [])
        reader = AlipayReader(verifier: verifier)
    }

    private static func verifier(
        _ configuration: AlipayConfiguration, _ signer: AlipaySigner
    ) throws(ChannelError) -> AlipayVerifier {
        let verifier: AlipayVerifier
        do {
            verifier = try AlipayVerifier(publicKeyPEM: configuration.alipayPublicKeyPEM)
        } catch {
            throw .configuration("Alipay's public key: \(error)")
        }
        // The most frequent error of integrations.
        guard verifier != signer.verifier else {
            throw .configuration(
                "the configured public key of Alipay is the app's own; copy Alipay's from the "
                    + "app's page at the open platform")
        }
        return verifier
    }

    /// `alipay.trade.page.pay`, `alipay.trade.wap.pay` or `alipay.trade.app.pay`.
    public func payHandle(
        for request: PayRequest, now: Timestamp
    ) throws(ChannelError) -> PayHandle {
        let form = try requests.payment(request, now: now)
        switch request.product {
        case .pc, .wap: return .url("\(configuration.gatewayURL)?\(form.encoded)")
        case .app: return .parameters(form.encoded)
        }
    }

    /// `alipay.trade.query`.
    public func query(
        orderNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        let form = try requests.query(orderNo: orderNo, now: now)
        return try await call(.query, form, about: AlipaySubject(orderNo: orderNo)).answer
    }

    /// `alipay.trade.close`.
    public func close(
        orderNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        let form = try requests.close(orderNo: orderNo, now: now)
        return try await call(.close, form, about: AlipaySubject(orderNo: orderNo)).answer
    }

    /// `alipay.trade.cancel`.
    public func cancel(
        orderNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        let form = try requests.cancel(orderNo: orderNo, now: now)
        return try await call(.cancel, form, about: AlipaySubject(orderNo: orderNo)).answer
    }

    /// `alipay.trade.refund`.
    public func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        let form = try requests.refund(
            orderNo: orderNo, refundNo: refundNo, amount: amount, reason: reason, now: now)
        let subject = AlipaySubject(orderNo: orderNo, refundNo: refundNo)
        return try await call(.refund, form, about: subject).answer
    }

    /// `alipay.trade.fastpay.refund.query`.
    public func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        let form = try requests.queryRefund(orderNo: orderNo, refundNo: refundNo, now: now)
        let subject = AlipaySubject(orderNo: orderNo, refundNo: refundNo)
        return try await call(.queryRefund, form, about: subject).answer
    }

    /// The trade bill of a day: queries its address and downloads it at once, because the address
    /// expires after 30 s.
    public func bill(
        day: BusinessDay, now: Timestamp
    ) async throws(ChannelError) -> BillDownload {
        let (answer, node) = try await call(
            .billAddress, try requests.billAddress(day: day, now: now))
        switch answer.outcome {
        case .refused(let refusal), .refusedForNow(let refusal):
            guard AlipayVerdict.isNoBill(refusal.code) else {
                throw .refused(code: refusal.code, subCode: nil, message: refusal.message)
            }
            // Before bills are due, "there is none" only means "not yet".
            return now < day.end.adding(seconds: Self.billSeconds) ? .notYet : .empty
        case .done, .pending: break
        }
        if node["bill_file_code"] == "EMPTY_DATA_WITH_BILL_FILE" { return .empty }
        guard let address = node["bill_download_url"],
            let scheme = URLComponents(string: address)?.scheme,
            scheme == "https" || scheme == "http"
        else { throw .unknownOutcome(reason: "Alipay's answer has no address of the bill") }
        let download = try await transport.send(
            TransportRequest(
                method: .get, url: address, answerLimit: Self.billLimit,
                timeout: configuration.billTimeout))
        guard download.status == 200, !download.body.isEmpty else {
            throw .unknownOutcome(
                reason: "the bill's download was answered HTTP \(download.status)")
        }
        return .file(download.body)
    }

    public func observation(
        ofNotification form: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation {
        try reader.observation(ofNotification: form)
    }

    public func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation? {
        try reader.observation(
            ofAnswer: raw, method: method, orderNo: orderNo, refundNo: refundNo)
    }

    public func claimedOrderNo(ofNotification message: [UInt8]) -> String? {
        guard let text = try? AlipayForm(received: message).text("out_trade_no") else { return nil }
        return String(text.prefix(64))
    }

    public func statement(
        in file: [UInt8], of day: BusinessDay
    ) throws(BillError) -> Statement {
        try AlipayStatements(account: account).statement(in: file, of: day)
    }

    func call(
        _ method: AlipayMethod, _ form: AlipayForm, about subject: AlipaySubject? = nil,
        file: AlipayFile? = nil
    ) async throws(ChannelError) -> (answer: ChannelAnswer, node: AlipayNode) {
        let (query, fields) = form.split(body: ["biz_content"])
        let body =
            file?.body()
            ?? (
                contentType: "application/x-www-form-urlencoded;charset=utf-8",
                bytes: Array(fields.encoded.utf8)
            )
        let reply = try await transport.send(
            TransportRequest(
                method: .post, url: "\(configuration.gatewayURL)?\(query.encoded)",
                headers: [(name: "content-type", value: body.contentType)], body: body.bytes,
                answerLimit: Self.answerLimit,
                timeout: configuration.requestTimeout))
        guard reply.status == 200 else {
            throw .unknownOutcome(reason: "Alipay answered HTTP \(reply.status)")
        }
        let read = try reader.answer(reply.body, to: method, about: subject)
        logger.debug(
            "Alipay answered",
            metadata: [
                "method": "\(method.rawValue)", "code": "\(read.answer.code)",
            ])
        return read
    }
}

import Events

/// An order's JSON body, whose fields a test changes one at a time.
struct OrderBody {
    private var fields: [String: String] = [
        "merchant_no": #""M1001""#, "merchant_order_no": #""SHOP-1""#, "product": #""PC""#,
        "amount_fen": "9850", "currency": #""CNY""#, "subject": #""Green tea""#,
        "timestamp": #""2026-11-20T10:15:29.871Z""#, "nonce": #""b0c4""#,
        "sign_type": #""MD5""#, "key_version": "1", "sign": #""55e5""#,
    ]

    /// The JSON of a field as it stands; `nil` removes the field.
    subscript(name: String) -> String? {
        get { fields[name] }
        set { fields[name] = newValue }
    }

    var bytes: [UInt8] {
        let pairs = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return Array("{\(pairs.joined(separator: ","))}".utf8)
    }

    func read() throws(EventCodecError) -> OrderRequest {
        try EventCodec.decode(OrderRequest.self, from: bytes)
    }

    /// What is refused, or `nil` if nothing is.
    func refusal() -> EventCodecError? {
        do {
            _ = try read()
            return nil
        } catch {
            return error
        }
    }
}

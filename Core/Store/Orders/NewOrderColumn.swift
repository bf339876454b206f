import Events
import Foundation
import Payments
import Postgres

/// A column of `orders` that a new order fills: its name and its value. COPY and INSERT are both
/// built from ``all``.
struct NewOrderColumn: Sendable {
    /// How a column's value is read, by its type in the database.
    enum Value: Sendable {
        case text(@Sendable (NewOrder) -> String?)
        case fen(@Sendable (NewOrder) -> Money)
        case bytes(@Sendable (NewOrder) -> [UInt8])
        case uuid(@Sendable (NewOrder) -> UUID)
        case time(@Sendable (NewOrder) -> Timestamp)
        case texts(@Sendable (NewOrder) -> [String])
        case integers(@Sendable (NewOrder) -> [Int32])
    }

    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// Every column of a new order.
    static let all = [
        NewOrderColumn("order_no", .text { $0.orderNo }),
        NewOrderColumn("merchant_no", .text { $0.route.merchantNo }),
        NewOrderColumn("merchant_order_no", .text { $0.request.merchantOrderNo }),
        NewOrderColumn("product", .text { $0.route.product.rawValue }),
        NewOrderColumn("amount_fen", .fen { $0.request.amount }),
        NewOrderColumn("subject", .text { $0.request.subject }),
        NewOrderColumn("notify_url", .text { $0.request.notifyURL }),
        NewOrderColumn("return_url", .text { $0.request.returnURL }),
        NewOrderColumn("client_ip", .text { $0.request.clientIP }),
        NewOrderColumn("attach", .text { $0.request.attach }),
        NewOrderColumn("content_digest", .bytes { $0.contentDigest }),
        NewOrderColumn("channel", .text { $0.route.channel }),
        NewOrderColumn("app_id", .text { $0.route.appID }),
        NewOrderColumn("seller_id", .text { $0.route.sellerID }),
        NewOrderColumn("chain_party_nos", .texts { $0.route.partyNos }),
        NewOrderColumn("chain_rates_ppm", .integers { $0.route.ratesPPM }),
        NewOrderColumn("merchant_fee_fen", .fen { $0.split.merchantFee }),
        NewOrderColumn("channel_fee_fen", .fen { $0.split.channelFee }),
        NewOrderColumn("agent_share_fen", .fen { $0.split.agentShare }),
        NewOrderColumn("platform_share_fen", .fen { $0.split.platformShare }),
        NewOrderColumn("status", .text { _ in OrderStatus.accepted.rawValue }),
        NewOrderColumn("submission_id", .uuid { $0.submissionID.uuid }),
        NewOrderColumn("accepted_event_id", .uuid { $0.eventID.uuid }),
        NewOrderColumn("traceparent", .text { $0.traceparent }),
        NewOrderColumn("accepted_at", .time { $0.acceptedAt }),
        NewOrderColumn("expires_at", .time { $0.expiresAt }),
        NewOrderColumn("next_inquiry_at", .time { $0.firstInquiryAt }),
    ]

    /// The columns' names, as a statement lists them.
    static let names = all.map(\.name).joined(separator: ", ")
}

extension NewOrderColumn {
    /// Appends the order's value to a row of COPY.
    func append(_ order: NewOrder, to rows: inout PostgresCopyRows) {
        switch value {
        case .text(let value): rows.append(value(order))
        case .fen(let value): rows.append(value(order))
        case .bytes(let value): rows.append(value(order))
        case .uuid(let value): rows.append(value(order))
        case .time(let value): rows.append(value(order))
        case .texts(let value): rows.append(value(order))
        case .integers(let value): rows.append(value(order))
        }
    }

    /// Binds the orders' values as one array.
    func bind(_ orders: [NewOrder], to bindings: inout PostgresBindings) {
        switch value {
        case .text(let value): bindings.append(orders.map(value))
        case .fen(let value): bindings.append(orders.map(value))
        case .bytes(let value): bindings.append(orders.map(value))
        case .uuid(let value): bindings.append(orders.map(value))
        case .time(let value): bindings.append(orders.map(value))
        // Joined by commas, which no party number has: arrays of arrays must have one length.
        case .texts(let value):
            bindings.append(orders.map { value($0).joined(separator: ",") })
        case .integers(let value):
            bindings.append(orders.map { value($0).map(String.init).joined(separator: ",") })
        }
    }

    /// The type of an element of the bound array.
    var boundType: String {
        switch value {
        case .text, .texts, .integers: "text"
        case .fen: "bigint"
        case .bytes: "bytea"
        case .uuid: "uuid"
        case .time: "timestamptz"
        }
    }

    /// The column's value of an element of the bound array.
    var selected: String {
        switch value {
        case .texts: "string_to_array(\(name), ',')"
        case .integers: "string_to_array(\(name), ',')::int[]"
        case .text, .fen, .bytes, .uuid, .time: name
        }
    }
}

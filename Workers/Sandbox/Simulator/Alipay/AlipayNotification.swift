/// A signed form that is to be sent to the platform.
struct AlipayNotification: Sendable, Equatable {
    /// The trade it is about: notifications of one trade are sent one after the other.
    let orderNo: String
    /// The address it is sent to.
    let url: String
    /// The signed form, encoded.
    let body: String
    /// Whether it is sent again until it is acknowledged.
    let isRetried: Bool
    /// How many more times it is sent after it was acknowledged.
    let repeats: Int
}

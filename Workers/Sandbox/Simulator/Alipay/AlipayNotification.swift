/// A signed form on its way to the platform.
struct AlipayNotification: Sendable, Equatable {
    /// The trade it is about: notifications of one trade go one after the other.
    let orderNo: String
    /// Where it goes.
    let url: String
    /// The signed form.
    let body: String
    /// Whether it is sent again until it is acknowledged.
    let insists: Bool
    /// How many more times it is sent after it was acknowledged.
    let repeats: Int
}

/// How a notification gets to the platform.
protocol NotificationTransport: Sendable {
    /// Whether the answer was status 200 and exactly `success`.
    func post(_ notification: AlipayNotification) async -> Bool
}

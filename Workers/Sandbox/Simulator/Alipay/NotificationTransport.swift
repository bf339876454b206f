/// Sends notifications to the platform.
protocol NotificationTransport: Sendable {
    /// Returns whether the reply was status 200 and exactly `success`.
    func post(_ notification: AlipayNotification) async -> Bool
}

/// Whose key a notification is signed with.
enum NotificationKey: Sendable {
    case alipay
    case attacker
}

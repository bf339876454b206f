/// The key that a notification is signed with: the channel's or an attacker's.
enum NotificationKey: Sendable {
    case alipay
    case attacker
}

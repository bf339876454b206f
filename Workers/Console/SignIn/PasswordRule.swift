/// What a password must be, and passwords that are made for a user.
public enum PasswordRule {
    /// What is wrong with it, in English and Chinese; `nil` where it may be chosen.
    static func problem(of password: String, login: String) -> (english: String, chinese: String)? {
        if password.count < 12 {
            return ("The password needs at least 12 characters.", "密码至少需要 12 个字符。")
        }
        if password.utf8.count > 256 {
            return ("The password may have at most 256 bytes.", "密码最长 256 字节。")
        }
        if password.lowercased().contains(login) {
            return ("The password must not contain the login.", "密码不能包含登录名。")
        }
        if Set(password).count < 5 {
            return ("The password needs at least 5 different characters.", "密码至少需要 5 个不同字符。")
        }
        return nil
    }

    /// A temporary password: 20 characters that aren't mistaken for one another, 100 bits.
    public static func temporary() -> String {
        let characters = Array("abcdefghjkmnpqrstuvwxyz23456789AB")
        var random = SystemRandomNumberGenerator()
        let parts = (0..<4).map { _ in
            String((0..<5).map { _ in characters[Int.random(in: 0..<32, using: &random)] })
        }
        return parts.joined(separator: "-")
    }
}

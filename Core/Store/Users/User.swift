public import Payments
import Postgres

/// A user of the console, with what a sign-in compares.
public struct User: Sendable {
    /// The user's identity; never reused.
    public let userNo: String
    /// What the user signs in with; lower case.
    public let login: String
    /// What the user may do.
    public let role: UserRole
    /// The party whose subtree the user sees; `nil` for the platform's users.
    public let partyNo: String?
    /// Parameters, salt and scrypt hash, in one text.
    public let passwordHash: String
    /// Whether the password was made for the user, who must choose another at the next sign-in.
    public let isPasswordTemporary: Bool
    /// The secret of one-time codes, sealed under ``sealContext(userNo:)``; `nil` until enrolment.
    public let codeSecretSealed: [UInt8]?
    /// Until when sign-in is locked after too many attempts.
    public let lockedUntil: Timestamp?
    /// Whether the user may sign in at all.
    public let isActive: Bool

    /// The context that a user's secret of one-time codes is sealed under.
    public static func sealContext(userNo: String) -> String { "users/\(userNo)" }

    /// The stored hash of a user who has no password yet: no password matches it.
    static let noPassword = "none"

    /// What a login looks like, for people.
    public static let loginRule = "a login has 3 to 64 of a-z, 0-9, '.', '-', '_' and '@'"

    /// Whether a text can be a login.
    public static func isLogin(_ text: String) -> Bool {
        (3...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }

    static let columns = """
        user_no, login, role, party_no, password_hash, is_password_temporary, code_secret_sealed,
        locked_until, status = 'active'
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> User {
        let name = try row.text(2)
        guard let role = UserRole(rawValue: name) else {
            throw PostgresError.decoding("'\(name)' is not a role")
        }
        return User(
            userNo: try row.text(0), login: try row.text(1), role: role,
            partyNo: try row.textOrNull(3), passwordHash: try row.text(4),
            isPasswordTemporary: try row.bool(5), codeSecretSealed: try row.bytesOrNull(6),
            lockedUntil: try row.timeOrNull(7), isActive: try row.bool(8))
    }
}

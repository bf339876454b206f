public import Payments
public import Postgres

/// Adds a user with a temporary password, and logs it. No row where the login is taken.
public struct InsertUser: PostgresStatement {
    /// Who may be added with which statement.
    public enum Rule: Sendable {
        /// The first user, of a database that has none: no row where there is one.
        case first
        /// A further one.
        case further
    }

    let userNo: String
    let login: String
    let role: UserRole
    let partyNo: String?
    let passwordHash: String
    let rule: Rule
    let actor: String
    let now: Timestamp

    /// - Parameters:
    ///   - login: lower case, 3 to 64 characters.
    ///   - partyNo: an agent or a merchant that exists; `nil` for a role of the platform.
    ///   - actor: for the audit log.
    public init(
        userNo: String, login: String, role: UserRole, partyNo: String?, passwordHash: String,
        rule: Rule, actor: String, now: Timestamp
    ) {
        self.userNo = userNo
        self.login = login
        self.role = role
        self.partyNo = partyNo
        self.passwordHash = passwordHash
        self.rule = rule
        self.actor = actor
        self.now = now
    }

    public static let sql = """
        with added as (
            insert into users
                (user_no, login, role, party_no, password_hash, created_at, created_by)
            select $1, $2, $3, $4, $5, $6, $7
            where not $8 or not exists (select from users)
            on conflict (login) do nothing
            returning user_no
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $7, 'user.add', user_no, $2 || ' ' || $3 || coalesce(' of ' || $4, ''), $6
            from added
        )
        select user_no from added
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(userNo)
        bindings.append(login)
        bindings.append(role.rawValue)
        bindings.append(partyNo)
        bindings.append(passwordHash)
        bindings.append(now)
        bindings.append(actor)
        bindings.append(rule == .first)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Keeps others from adding a user until the transaction ends, so that one is the first.
public struct LockUsers: PostgresStatement {
    /// The whole table.
    public init() {}
    public static let sql = "lock table users in share row exclusive mode"
    public func bind(_ bindings: inout PostgresBindings) {}
}

/// Sets a user's password, ends the user's sessions and logs it; a row where the user exists.
public struct SetPassword: PostgresStatement {
    let userNo: String
    let hash: String
    let isTemporary: Bool
    let forgetsCodes: Bool
    let actor: String
    let now: Timestamp

    /// - Parameters:
    ///   - isTemporary: whether the user must choose another at the next sign-in.
    ///   - forgetsCodes: whether the user enrols for one-time codes again.
    ///   - actor: for the audit log.
    public init(
        userNo: String, hash: String, isTemporary: Bool, forgetsCodes: Bool, actor: String,
        now: Timestamp
    ) {
        self.userNo = userNo
        self.hash = hash
        self.isTemporary = isTemporary
        self.forgetsCodes = forgetsCodes
        self.actor = actor
        self.now = now
    }

    public static let sql = """
        with changed as (
            update users set password_hash = $2, is_password_temporary = $3, failed_attempts = 0,
                locked_until = null,
                code_secret_sealed = case when $4 then null else code_secret_sealed end
            where user_no = $1
            returning user_no
        ), ended as (
            delete from sessions where user_no in (select user_no from changed)
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $5, case when $3 then 'user.reset' else 'user.password' end, user_no, '', $6
            from changed
        )
        select user_no from changed
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(userNo)
        bindings.append(hash)
        bindings.append(isTemporary)
        bindings.append(forgetsCodes)
        bindings.append(actor)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Disables a user, ends the user's sessions and logs it; a row where the user was active.
public struct DisableUser: PostgresStatement {
    let userNo: String
    let actor: String
    let now: Timestamp

    /// - Parameter actor: for the audit log.
    public init(userNo: String, actor: String, now: Timestamp) {
        self.userNo = userNo
        self.actor = actor
        self.now = now
    }

    public static let sql = """
        with changed as (
            update users set status = 'disabled' where user_no = $1 and status = 'active'
            returning user_no
        ), ended as (
            delete from sessions where user_no in (select user_no from changed)
        ), logged as (
            insert into audit_log (actor, action, subject, at)
            select $2, 'user.disable', user_no, $3 from changed
        )
        select user_no from changed
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(userNo)
        bindings.append(actor)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

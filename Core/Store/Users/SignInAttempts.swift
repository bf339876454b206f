public import Payments
public import Postgres

/// Counts an attempt to sign in before it is decided, and returns the user. No row where the login
/// is unknown, disabled or locked. The tenth attempt since the last complete sign-in locks the user
/// for 30 minutes; where it turns out right, ``EndSignInAttempts`` unlocks.
public struct BeginSignInAttempt: PostgresStatement {
    let login: String
    let now: Timestamp

    /// - Parameter login: lower case.
    public init(login: String, now: Timestamp) {
        self.login = login
        self.now = now
    }

    public static let sql = """
        update users
        set failed_attempts = (failed_attempts + 1) % 10,
            locked_until = case when failed_attempts = 9 then $2 + interval '30 minutes' end
        where login = $1 and status = 'active' and (locked_until is null or locked_until <= $2)
        returning \(User.columns)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(login)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> User {
        try User.decode(row)
    }
}

/// A sign-in is complete: attempts are counted from zero again. Logged.
public struct EndSignInAttempts: PostgresStatement {
    let userNo: String
    let login: String
    let remoteIP: String?
    let now: Timestamp

    /// - Parameter login: for the audit log.
    public init(userNo: String, login: String, remoteIP: String?, now: Timestamp) {
        self.userNo = userNo
        self.login = login
        self.remoteIP = remoteIP
        self.now = now
    }

    public static let sql = """
        with ended as (
            update users set failed_attempts = 0, locked_until = null where user_no = $1
            returning user_no
        )
        insert into audit_log (actor, action, subject, remote_ip, at)
        select $2, 'user.sign_in', user_no, $3, $4 from ended
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(userNo)
        bindings.append(login)
        bindings.append(remoteIP)
        bindings.append(now)
    }
}

/// Accepts a one-time code's time step once: no row where it or a later one was accepted before.
public struct UseCodeStep: PostgresStatement {
    let userNo: String
    let step: Int64

    /// - Parameter step: the code's, in units of 30 s since 1970.
    public init(userNo: String, step: Int64) {
        self.userNo = userNo
        self.step = step
    }

    public static let sql = """
        update users set last_code_step = $2 where user_no = $1 and last_code_step < $2
        returning user_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(userNo)
        bindings.append(step)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Stores the secret of a user's one-time codes; no row where the user has one.
public struct EnrolForCodes: PostgresStatement {
    let userNo: String
    let secretSealed: [UInt8]

    /// - Parameter secretSealed: sealed under `User.sealContext(userNo:)`.
    public init(userNo: String, secretSealed: [UInt8]) {
        self.userNo = userNo
        self.secretSealed = secretSealed
    }

    public static let sql = """
        update users set code_secret_sealed = $2 where user_no = $1 and code_secret_sealed is null
        returning user_no
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(userNo)
        bindings.append(secretSealed)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

public import Payments
public import Postgres

/// A browser's session, with its user.
public struct Session: Sendable {
    /// How far its sign-in has come.
    public enum Stage: String, Sendable {
        /// The password was temporary: the user must choose another.
        case newPassword = "new_password"
        /// The user must enrol for one-time codes.
        case enrolment
        /// The user must enter a one-time code.
        case code
        /// Signed in.
        case complete
    }

    /// Its user.
    public let user: User
    /// How far its sign-in has come.
    public let stage: Stage
    /// What each form of the session must carry.
    public let formToken: String

    /// How long it lives without a request.
    public static let idleSeconds: Int64 = 900
    /// How long it lives at most.
    public static let limitSeconds: Int64 = 12 * 3_600
}

/// Stores a session. An earlier one that it replaces ends: a token never outlives a step of the
/// sign-in.
public struct StartSession: PostgresStatement {
    let tokenHash: [UInt8]
    let replaced: [UInt8]?
    let userNo: String
    let stage: Session.Stage
    let formToken: String
    let remoteIP: String?
    let userAgent: String
    let now: Timestamp

    /// - Parameters:
    ///   - tokenHash: SHA-256 of the token in the cookie.
    ///   - replaced: the hash of the session that ends.
    ///   - userAgent: the browser's own name; its first 200 bytes are stored.
    public init(
        tokenHash: [UInt8], replacing replaced: [UInt8]?, userNo: String, stage: Session.Stage,
        formToken: String, remoteIP: String?, userAgent: String, now: Timestamp
    ) {
        self.tokenHash = tokenHash
        self.replaced = replaced
        self.userNo = userNo
        self.stage = stage
        self.formToken = formToken
        self.remoteIP = remoteIP
        self.userAgent = userAgent.storable(bytes: 200)
        self.now = now
    }

    // What has ended is deleted here: the table holds no more than twelve hours of sessions.
    public static let sql = """
        with gone as (
            delete from sessions where token_sha256 = $2 or expires_at <= $8
        )
        insert into sessions (token_sha256, user_no, stage, form_token, remote_ip, user_agent,
            created_at, last_seen_at, expires_at)
        values ($1, $3, $4, $5, $6, left($7, 200), $8, $8,
            $8 + interval '1 second' * \(Session.limitSeconds))
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(tokenHash)
        bindings.append(replaced)
        bindings.append(userNo)
        bindings.append(stage.rawValue)
        bindings.append(formToken)
        bindings.append(remoteIP)
        bindings.append(userAgent)
        bindings.append(now)
    }
}

/// The session of a token, if it is alive; records that it was seen, at most twice a minute.
public struct SeeSession: PostgresStatement {
    let tokenHash: [UInt8]
    let now: Timestamp

    /// - Parameter tokenHash: SHA-256 of the token in the cookie.
    public init(tokenHash: [UInt8], now: Timestamp) {
        self.tokenHash = tokenHash
        self.now = now
    }

    public static let sql = """
        with alive as (
            select user_no, stage, form_token, last_seen_at from sessions
            where token_sha256 = $1 and expires_at > $2
                and last_seen_at > $2 - interval '1 second' * \(Session.idleSeconds)
        ), seen as (
            update sessions set last_seen_at = $2 where token_sha256 = $1
                and exists (select from alive where last_seen_at < $2 - interval '30 seconds')
        )
        select \(User.columns), stage, form_token from alive join users using (user_no)
        where status = 'active'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(tokenHash)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Session {
        let name = try row.text(9)
        guard let stage = Session.Stage(rawValue: name) else {
            throw PostgresError.decoding("'\(name)' is not a stage of a sign-in")
        }
        return Session(
            user: try User.decode(row), stage: stage, formToken: try row.text(10))
    }
}

/// Ends a session.
public struct EndSession: PostgresStatement {
    let tokenHash: [UInt8]
    /// - Parameter tokenHash: SHA-256 of the token in the cookie.
    public init(tokenHash: [UInt8]) { self.tokenHash = tokenHash }
    public static let sql = "delete from sessions where token_sha256 = $1"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(tokenHash) }
}

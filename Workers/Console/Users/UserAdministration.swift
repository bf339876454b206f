public import Payments
public import Postgres
public import Store

/// Adds, resets and disables users: what the commands of `tally users` do, by the console's rules.
public struct UserAdministration: Sendable {
    /// A super admin's credentials, for one change.
    public struct Proof: Sendable {
        let login: String
        let password: String
        let code: String

        /// - Parameter code: a one-time code that wasn't used yet.
        public init(login: String, password: String, code: String) {
            self.login = login
            self.password = password
            self.code = code
        }
    }

    private let pool: PostgresPool
    private let signIn: SignIn

    /// - Parameters:
    ///   - sealer: opens the secrets of one-time codes.
    ///   - now: the machine's time.
    public init(
        pool: PostgresPool, sealer: Sealer, now: @escaping @Sendable () -> Timestamp
    ) throws {
        self.pool = pool
        signIn = SignIn(
            pool: pool, sealer: sealer, unknown: try PasswordHash(hashing: "no password"), now: now)
    }

    /// Adds a user and returns the temporary password, which is stored nowhere.
    /// - Parameters:
    ///   - partyNo: the agent or the merchant that the user is of; `nil` for the platform's roles.
    ///   - proof: `nil` only for the first user, a super admin.
    ///   - actor: who makes the first user.
    /// - Throws: ``UserProblem``.
    public func add(
        login: String, role: UserRole, partyNo: String?, proof: Proof?, actor: String
    ) async throws -> String {
        let login = try Self.checked(login)
        guard role.isPlatform == (partyNo == nil) else {
            throw UserProblem(
                role.isPlatform
                    ? "the role \(role.rawValue) is of the platform and has no --party"
                    : "the role \(role.rawValue) needs --party: the agent or merchant it is of")
        }
        let now = signIn.now()
        let admin = try await admin(proof)
        if admin == nil, role != .superAdmin {
            throw UserProblem("the first user must be a super_admin: nobody else could add users")
        }
        let (password, userNo) = (PasswordRule.temporary(), "U" + RandomToken.make().text)
        let hash = try PasswordHash(hashing: password).text
        let added = try await pool.transaction { transaction in
            _ = try await transaction.run(LockUsers())
            if let partyNo { try await check(partyNo, for: role, in: transaction) }
            return try await transaction.run(
                InsertUser(
                    userNo: userNo, login: login, role: role, partyNo: partyNo,
                    passwordHash: hash, rule: admin == nil ? .first : .further,
                    actor: admin?.login ?? actor, now: now)
            ).first
        }
        guard added != nil else {
            throw UserProblem(
                admin == nil
                    ? "there are users already: name a super admin with --as"
                    : "the login \(login) is taken")
        }
        return password
    }

    /// Gives a user a temporary password, and has the user enrol for one-time codes again.
    public func reset(login: String, proof: Proof?) async throws -> String {
        let admin = try await required(proof)
        let password = PasswordRule.temporary()
        let hash = try PasswordHash(hashing: password).text
        let now = signIn.now()
        try await change(login) { user in
            SetPassword(
                userNo: user.userNo, hash: hash, isTemporary: true, forgetsCodes: true,
                actor: admin.login, now: now)
        }
        return password
    }

    /// Disables a user and ends the user's sessions.
    public func disable(login: String, proof: Proof?) async throws {
        let admin = try await required(proof)
        guard admin.login != login.lowercased() else {
            throw UserProblem("a super admin can't disable itself: another one must")
        }
        let now = signIn.now()
        try await change(login) { user in
            DisableUser(userNo: user.userNo, actor: admin.login, now: now)
        }
    }

    private func change<Statement: PostgresStatement>(
        _ login: String, by statement: @escaping @Sendable (User) -> Statement
    ) async throws {
        let changed = try await pool.transaction { transaction in
            guard let user = try await transaction.run(UserByLogin(login.lowercased())).first
            else { throw UserProblem("there is no user \(login)") }
            return try await transaction.run(statement(user)).count
        }
        guard changed > 0 else { throw UserProblem("\(login) is disabled already") }
    }

    private func required(_ proof: Proof?) async throws -> User {
        guard let admin = try await admin(proof) else {
            throw UserProblem("name a super admin with --as")
        }
        return admin
    }

    /// The user whom the credentials prove, if the role has the permission; the code is used.
    /// - Throws: ``UserProblem``.
    public func user(_ proof: Proof, for permission: Permission) async throws -> User {
        let user = try await proven(proof)
        guard user.role.permissions.contains(permission) else {
            throw UserProblem(
                "\(proof.login) is \(user.role.rawValue), which lacks \(permission.rawValue): "
                    + "docs/permissions.md has the table")
        }
        return user
    }

    private func proven(_ proof: Proof) async throws -> User {
        let user = try await signIn.proves(
            login: proof.login, password: proof.password, code: proof.code)
        guard let user else {
            throw UserProblem(
                "\(proof.login) isn't proven: the password or the code is wrong, the code was used "
                    + "before, or the user is disabled or locked after ten attempts")
        }
        return user
    }

    private func admin(_ proof: Proof?) async throws -> User? {
        guard let proof else { return nil }
        let user = try await proven(proof)
        guard user.role == .superAdmin else {
            throw UserProblem("\(proof.login) is no super admin")
        }
        return user
    }

    private func check(
        _ partyNo: String, for role: UserRole, in transaction: PostgresTransaction
    ) async throws {
        let wanted = role == .merchant ? "merchant" : "agent"
        guard let kind = try await transaction.run(KindOfParty(partyNo)).first else {
            throw UserProblem("there is no party \(partyNo)")
        }
        guard kind == wanted else {
            throw UserProblem(
                "\(partyNo) is a \(kind); the role \(role.rawValue) is of \(wanted)s")
        }
    }

    private static func checked(_ login: String) throws -> String {
        let login = login.lowercased()
        guard User.isLogin(login) else { throw UserProblem(User.loginRule) }
        return login
    }
}

/// Why a user wasn't changed: what is wrong and what to do. Nothing was changed.
public struct UserProblem: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}

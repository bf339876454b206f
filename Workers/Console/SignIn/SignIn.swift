import Foundation
import Payments
import Postgres
import Store

/// The steps of a sign-in: password, a new password where it was temporary, enrolment for one-time
/// codes, a code. Each step gives the browser another session.
struct SignIn: Sendable {
    /// A session that was started: the cookie's token, and its stage.
    struct Started: Sendable {
        let token: RandomToken
        let stage: Session.Stage
    }

    /// Where a request comes from.
    struct Origin: Sendable {
        let remoteIP: String?
        let userAgent: String
    }

    let pool: PostgresPool
    let sealer: Sealer
    let passwords = PasswordQueue()
    /// A hash that no password has: an unknown login takes as long as a wrong password.
    let unknown: PasswordHash
    /// Sessions and codes live by the machine's clock, also on a played day.
    let now: @Sendable () -> Timestamp

    /// `nil` where the login is unknown, disabled or locked, or the password wrong: all alike.
    func begin(login: String, password: String, from origin: Origin) async throws -> Started? {
        let now = now()
        let login = login.lowercased()
        let user = try await pool.transaction {
            try await $0.run(BeginSignInAttempt(login: login, now: now)).first
        }
        let isRight = try await matches(password, of: user)
        guard let user, isRight else { return nil }
        return try await start(stage(after: user), of: user, replacing: nil, from: origin)
    }

    /// Takes as long where there is no user, or the user has no password yet: nothing matches it.
    private func matches(_ password: String, of user: User?) async throws -> Bool {
        let stored = user.flatMap { PasswordHash($0.passwordHash) }
        let hash = stored ?? unknown
        let isSame = try await passwords.run { hash.matches(password) }
        return isSame && stored != nil
    }

    /// Sets the password that the user chose.
    func choose(
        password: String, in session: Session, token: RandomToken, from origin: Origin
    ) async throws -> Started {
        let hash = try await passwords.run { try PasswordHash(hashing: password).text }
        let now = now()
        let user = try await pool.transaction { transaction in
            _ = try await transaction.run(
                SetPassword(
                    userNo: session.user.userNo, hash: hash, isTemporary: false,
                    forgetsCodes: false, actor: session.user.login, now: now))
            return try await transaction.run(UserByLogin(session.user.login)).first
        }
        let current = user ?? session.user
        return try await start(
            codeStage(of: current), of: current, replacing: token, from: origin)
    }

    /// Enrols the user with the secret whose code was entered; `nil` for a wrong code.
    func enrol(
        _ code: OneTimeCode, entered: String, in session: Session, token: RandomToken,
        from origin: Origin
    ) async throws -> Started? {
        guard try await countAttempt(of: session.user) else { return nil }
        let step = code.step(of: entered, at: now().microseconds / 1_000_000)
        guard let step else { return nil }
        let sealed = try sealer.seal(
            Data(code.secret).base64EncodedString(),
            context: User.sealContext(userNo: session.user.userNo))
        let isDone = try await pool.transaction { transaction in
            guard
                try await transaction.run(
                    EnrolForCodes(userNo: session.user.userNo, secretSealed: sealed)
                ).first != nil
            else { return false }
            return try await transaction.run(UseCodeStep(userNo: session.user.userNo, step: step))
                .first != nil
        }
        guard isDone else { return nil }
        return try await start(.complete, of: session.user, replacing: token, from: origin)
    }

    /// Completes the sign-in with a one-time code; `nil` for a wrong or a used one.
    func enter(
        code entered: String, in session: Session, token: RandomToken, from origin: Origin
    ) async throws -> Started? {
        guard try await countAttempt(of: session.user),
            try await use(code: entered, of: session.user)
        else { return nil }
        return try await start(.complete, of: session.user, replacing: token, from: origin)
    }

    /// The user whose password and unused code these are; `nil` where they aren't, as in ``begin``.
    func proves(login: String, password: String, code: String) async throws -> User? {
        let (now, login) = (now(), login.lowercased())
        let user = try await pool.transaction {
            try await $0.run(BeginSignInAttempt(login: login, now: now)).first
        }
        let isRight = try await matches(password, of: user)
        guard let user, isRight, !user.isPasswordTemporary else { return nil }
        guard try await use(code: code, of: user) else { return nil }
        try await pool.transaction {
            _ = try await $0.run(
                EndSignInAttempts(userNo: user.userNo, login: login, remoteIP: nil, now: now))
        }
        return user
    }

    /// Whether it is the user's code of now and wasn't used before; then it is used.
    private func use(code entered: String, of user: User) async throws -> Bool {
        guard let sealed = user.codeSecretSealed else { return false }
        let text = try sealer.open(sealed, context: User.sealContext(userNo: user.userNo))
        guard let secret = Data(base64Encoded: text) else { return false }
        let step = OneTimeCode(secret: Array(secret)).step(
            of: entered, at: now().microseconds / 1_000_000)
        guard let step else { return false }
        return try await pool.transaction {
            try await $0.run(UseCodeStep(userNo: user.userNo, step: step)).first != nil
        }
    }

    /// Codes and passwords share the limit of ten attempts.
    private func countAttempt(of user: User) async throws -> Bool {
        let now = now()
        return try await pool.transaction {
            try await $0.run(BeginSignInAttempt(login: user.login, now: now)).first != nil
        }
    }

    private func stage(after user: User) -> Session.Stage {
        user.isPasswordTemporary ? .newPassword : codeStage(of: user)
    }

    private func codeStage(of user: User) -> Session.Stage {
        guard user.role.needsOneTimeCode else { return .complete }
        return user.codeSecretSealed == nil ? .enrolment : .code
    }

    private func start(
        _ stage: Session.Stage, of user: User, replacing old: RandomToken?, from origin: Origin
    ) async throws -> Started {
        let (token, formToken, now) = (RandomToken.make(), RandomToken.make(), now())
        try await pool.transaction { transaction in
            _ = try await transaction.run(
                StartSession(
                    tokenHash: token.hash, replacing: old?.hash, userNo: user.userNo,
                    stage: stage, formToken: formToken.text, remoteIP: origin.remoteIP,
                    userAgent: origin.userAgent, now: now))
            guard stage == .complete else { return }
            _ = try await transaction.run(
                EndSignInAttempts(
                    userNo: user.userNo, login: user.login, remoteIP: origin.remoteIP, now: now))
        }
        return Started(token: token, stage: stage)
    }
}

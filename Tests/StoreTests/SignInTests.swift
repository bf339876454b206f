import Foundation
import Payments
import Postgres
import Synchronization
import Testing

@testable import Console
@testable import Store

/// Signing in, against the real database: what an attacker and an impatient person try.
@Suite struct SignInTests {
    private static let password = "a sentence is good"
    private static let origin = SignIn.Origin(remoteIP: "192.0.2.1", userAgent: "test")

    /// A database with a user, and the sign-in at a time that a test moves.
    private struct Desk: Sendable {
        let pool: PostgresPool
        let signIn: SignIn
        let time: TestTime
        let secret = OneTimeCode(secret: Array("12345678901234567890".utf8))

        func session(of started: SignIn.Started) async throws -> Session? {
            let now = time.now
            return try await pool.transaction {
                try await $0.run(SeeSession(tokenHash: started.token.hash, now: now)).first
            }
        }

        /// The code of now, or of so many steps later.
        func code(_ steps: Int64 = 0) -> String {
            secret.code(step: time.now.microseconds / 30_000_000 + steps)
        }
    }

    private final class TestTime: Sendable {
        private let shift = Mutex(Int64(0))
        var now: Timestamp { Shop.noon.adding(seconds: shift.withLock { $0 }) }
        func move(seconds: Int64) { shift.withLock { $0 += seconds } }
    }

    private func desk(
        role: UserRole = .superAdmin, enrols: Bool = true, isTemporary: Bool = false
    ) async throws -> Desk {
        let pool = PostgresPool(
            url: try await migratedDatabase(), size: 4, patience: .seconds(100), logger: quiet)
        let sealer = try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let time = TestTime()
        let signIn = SignIn(
            pool: pool, sealer: sealer, unknown: try PasswordHash(hashing: "no password"),
            now: { time.now })
        let desk = Desk(pool: pool, signIn: signIn, time: time)
        let hash = try PasswordHash(hashing: Self.password).text
        let party = role.isPlatform ? nil : "M1"
        try await pool.transaction { transaction in
            if party != nil {
                for (number, kind, parent) in [
                    ("P", PutParty.Kind.platform, nil), ("M1", .merchant, "P"),
                ] as [(String, PutParty.Kind, String?)] {
                    _ = try await transaction.run(
                        PutParty(
                            partyNo: number, kind: kind, parentNo: parent, name: number,
                            callbackURL: nil, requiresAgentSignatures: false))
                }
            }
            _ = try await transaction.run(
                InsertUser(
                    userNo: "U1", login: "li.wei", role: role, partyNo: party, passwordHash: hash,
                    rule: .first, actor: "test", now: Shop.noon))
            if !isTemporary {
                _ = try await transaction.run(
                    SetPassword(
                        userNo: "U1", hash: hash, isTemporary: false, forgetsCodes: false,
                        actor: "test", now: Shop.noon))
            }
            guard enrols else { return }
            let sealed = try sealer.seal(
                Data(desk.secret.secret).base64EncodedString(),
                context: User.sealContext(userNo: "U1"))
            _ = try await transaction.run(EnrolForCodes(userNo: "U1", secretSealed: sealed))
        }
        return desk
    }

    private func begin(_ desk: Desk, _ password: String = password) async throws
        -> SignIn.Started?
    {
        try await desk.signIn.begin(login: "Li.Wei", password: password, from: Self.origin)
    }

    @Test func aPlatformsUserSignsInByPasswordAndCodeAndGetsAnotherTokenAtEachStep() async throws {
        let desk = try await desk()
        let first = try #require(try await begin(desk))
        #expect(first.stage == .code)
        let session = try #require(try await desk.session(of: first))
        let second = try #require(
            try await desk.signIn.enter(
                code: desk.code(), in: session, token: first.token, from: Self.origin))
        #expect(second.stage == .complete)
        #expect(second.token.text != first.token.text)
        #expect(try await desk.session(of: first) == nil)
        #expect(try await desk.session(of: second)?.stage == .complete)
    }

    @Test func aUserWithoutAPasswordSignsInWithNone() async throws {
        let desk = try await desk()
        try await desk.pool.transaction { transaction in
            _ = try await transaction.run(
                SetPassword(
                    userNo: "U1", hash: User.noPassword, isTemporary: false, forgetsCodes: false,
                    actor: "test", now: Shop.noon))
        }
        // The last is what an unknown user's attempt is compared with.
        for password in ["", User.noPassword, "no password"] {
            #expect(try await begin(desk, password) == nil, "\(password)")
            let proven = try await desk.signIn.proves(
                login: "li.wei", password: password, code: desk.code())
            #expect(proven == nil, "\(password)")
        }
    }

    @Test func aCodeServesOnceAlsoInAnotherSession() async throws {
        let desk = try await desk()
        var accepted = 0
        for _ in 0..<2 {
            let started = try #require(try await begin(desk))
            let session = try #require(try await desk.session(of: started))
            let done = try await desk.signIn.enter(
                code: desk.code(), in: session, token: started.token, from: Self.origin)
            accepted += done == nil ? 0 : 1
        }
        #expect(accepted == 1)
    }

    @Test func aTemporaryPasswordLeadsToANewOneAndThenToEnrolment() async throws {
        let desk = try await desk(enrols: false, isTemporary: true)
        let first = try #require(try await begin(desk))
        #expect(first.stage == .newPassword)
        let session = try #require(try await desk.session(of: first))
        let second = try await desk.signIn.choose(
            password: "quite another sentence", in: session, token: first.token, from: Self.origin)
        #expect(second.stage == .enrolment)
        #expect(try await desk.session(of: first) == nil)
        let enrolment = try #require(try await desk.session(of: second))
        let offered = OneTimeCode.offered(in: second.token)
        let step = desk.time.now.microseconds / 30_000_000
        let done = try #require(
            try await desk.signIn.enrol(
                offered, entered: offered.code(step: step), in: enrolment, token: second.token,
                from: Self.origin))
        #expect(done.stage == .complete)
        #expect(try await begin(desk) == nil)
        #expect(try await begin(desk, "quite another sentence")?.stage == .code)
    }

    @Test func aMerchantsUserNeedsNoCode() async throws {
        let desk = try await desk(role: .merchant, enrols: false)
        #expect(try await begin(desk)?.stage == .complete)
    }

    @Test func theTenthAttemptLocksForHalfAnHourThoughTheyComeAtOnce() async throws {
        let desk = try await desk()
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask { try await begin(desk, "wrong password") != nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 0)
        #expect(try await begin(desk) == nil)
        desk.time.move(seconds: 1_799)
        #expect(try await begin(desk) == nil)
        desk.time.move(seconds: 2)
        #expect(try await begin(desk)?.stage == .code)
    }

    @Test func wrongCodesLockTooThoughThePasswordIsRightEachTime() async throws {
        let desk = try await desk()
        for attempt in 0..<5 {
            let started = try #require(try await begin(desk), "attempt \(attempt)")
            let session = try #require(try await desk.session(of: started))
            #expect(
                try await desk.signIn.enter(
                    code: "000000", in: session, token: started.token, from: Self.origin) == nil)
        }
        #expect(try await begin(desk) == nil)
    }

    @Test func aSessionEndsWhenItIsIdleAndAfterTwelveHours() async throws {
        let desk = try await desk(role: .merchant, enrols: false)
        let idle = try #require(try await begin(desk))
        desk.time.move(seconds: Session.idleSeconds)
        #expect(try await desk.session(of: idle) == nil)
        let busy = try #require(try await begin(desk))
        for _ in 0..<(Session.limitSeconds / 600 - 1) {
            desk.time.move(seconds: 600)
            #expect(try await desk.session(of: busy) != nil)
        }
        desk.time.move(seconds: 600)
        #expect(try await desk.session(of: busy) == nil)
    }

    @Test func aDisabledUserIsOutAtOnce() async throws {
        let desk = try await desk(role: .merchant, enrols: false)
        let started = try #require(try await begin(desk))
        try await desk.pool.transaction {
            _ = try await $0.run(DisableUser(userNo: "U1", actor: "test", now: Shop.noon))
        }
        #expect(try await desk.session(of: started) == nil)
        // Nor is it there once the user is enabled again.
        let sessions = try await desk.pool.withConnection {
            try await $0.number("select count(*) from sessions")
        }
        #expect(sessions == 0)
        #expect(try await begin(desk) == nil)
    }

    @Test func onlyTheFirstUserIsAddedWithoutAProof() async throws {
        let pool = PostgresPool(
            url: try await migratedDatabase(), size: 2, patience: .seconds(100), logger: quiet)
        let sealer = try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let users = try UserAdministration(pool: pool, sealer: sealer, now: { Shop.noon })
        await #expect(throws: UserProblem.self) {
            _ = try await users.add(
                login: "li.wei", role: .operator, partyNo: nil, proof: nil, actor: "test")
        }
        let made = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<4 {
                group.addTask {
                    do {
                        _ = try await users.add(
                            login: "admin\(index)", role: .superAdmin, partyNo: nil, proof: nil,
                            actor: "test")
                        return true
                    } catch is UserProblem { return false }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
        await #expect(throws: UserProblem.self) {
            _ = try await users.add(
                login: "late", role: .superAdmin, partyNo: nil, proof: nil, actor: "test")
        }
    }

    @Test func aSuperAdminProvesItselfForEachChangeAndOthersCannot() async throws {
        let desk = try await desk()
        let sealer = try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let time = desk.time
        let users = try UserAdministration(pool: desk.pool, sealer: sealer, now: { time.now })
        func proof(_ code: String, _ password: String = Self.password)
            -> UserAdministration.Proof
        { .init(login: "li.wei", password: password, code: code) }
        let code = desk.code()
        _ = try await users.add(
            login: "wang.fang", role: .finance, partyNo: nil, proof: proof(code), actor: "test")
        // The same code again, a wrong password, an unknown party, a taken login.
        await #expect(throws: UserProblem.self) {
            _ = try await users.reset(login: "wang.fang", proof: proof(code))
        }
        time.move(seconds: 60)
        await #expect(throws: UserProblem.self) {
            _ = try await users.reset(login: "wang.fang", proof: proof(desk.code(), "wrong"))
        }
        await #expect(throws: UserProblem.self) {
            _ = try await users.add(
                login: "shop", role: .merchant, partyNo: "M9", proof: proof(desk.code()),
                actor: "test")
        }
        time.move(seconds: 60)
        await #expect(throws: UserProblem.self) {
            try await users.disable(login: "li.wei", proof: proof(desk.code()))
        }
        time.move(seconds: 60)
        try await users.disable(login: "wang.fang", proof: proof(desk.code()))
        let log = try await desk.pool.withConnection {
            try await $0.texts("select action from audit_log where action like 'user.%' order by 1")
        }
        #expect(log.filter { $0 == "user.add" }.count == 2)
        #expect(log.contains("user.disable"))
    }
}

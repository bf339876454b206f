public import ArgumentParser
import Composition
import Console
import Foundation
import Logging
public import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally users`
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Lists, adds, resets and disables the console's users.",
        discussion: """
            The first user of a database is a super admin, and is added without another one. Every \
            further change names a super admin with --as, and proves it with that user's password \
            (--password-file) and a one-time code (--code).
            """,
        subcommands: [UserList.self, UserAdd.self, UserReset.self, UserDisable.self])
}

/// The user who makes a change, and proves it.
struct AdminOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "The login of the user who makes the change.")
    var admin: String?
    @Option(help: "A file with that user's password; - reads standard input.")
    var passwordFile: String?
    @Option(help: "That user's one-time code.") var code: String?

    func validate() throws {
        guard admin == nil || (passwordFile != nil && code != nil) else {
            throw ValidationError("--as needs --password-file and --code")
        }
    }

    func proof() throws -> UserAdministration.Proof? {
        guard let admin, let passwordFile, let code else { return nil }
        let text: String
        if passwordFile == "-" {
            text = readLine(strippingNewline: true) ?? ""
        } else {
            guard let content = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
                throw CommandError("\(passwordFile) can't be read: check --password-file")
            }
            text = content.trimmingCharacters(in: .newlines)
        }
        return UserAdministration.Proof(login: admin, password: text, code: code)
    }

    /// The user whom the options prove, if the role has the permission; the code is used.
    func user(_ global: GlobalOptions, for permission: Permission) async throws -> User {
        guard let proof = try proof() else {
            throw ValidationError("name yourself with --as, --password-file and --code")
        }
        return try await change(global) { try await $0.user(proof, for: permission) }
    }

    /// Runs a change over a pool that is closed at the end.
    func change<Value: Sendable>(
        _ global: GlobalOptions, _ body: @Sendable (UserAdministration) async throws -> Value
    ) async throws -> Value {
        let settings = try await global.settings()
        try await CommandDatabase.check(settings, name: "users")
        let pool = PostgresPool(
            url: try settings.requireDatabase(), size: 1, applicationName: "tally-users",
            logger: Terminal.quietLogger)
        do {
            let administration = try UserAdministration(
                pool: pool, sealer: try settings.sealer(), now: { SystemClock().now() })
            let value = try await body(administration)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }
}

extension UserRole: ExpressibleByArgument {}

public import ArgumentParser
public import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally keys`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Lists, adds, rotates and revokes the keys that parties sign with.",
        discussion: """
            A secret is made here, stored sealed, and shown once. Versions overlap: an old key \
            stays valid until it is revoked. Each change takes effect at the workers' next batch.
            """,
        subcommands: [KeyListing.self, KeyAdd.self, KeyRotate.self, KeyRevoke.self])
}

extension SignType: ExpressibleByArgument {}

/// `tally keys list`
struct KeyListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of a party; never their secrets.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String

    func run() async throws {
        let (path, keys) = try await PartiesCommand.transaction(global) { transaction in
            (
                try await transaction.run(PathOfParty(partyNo)),
                try await transaction.run(KeyList(partyNo))
            )
        }
        guard !path.isEmpty else { throw CommandError("there is no party \(partyNo)") }
        if output.json { return try Terminal.json(keys.map(KeyJSON.init)) }
        for line in KeyJSON.table(keys) { Terminal.line(line) }
    }
}

/// `tally keys revoke`
struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Accept nothing more that is signed with a key.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String
    @Option(help: "MD5, HMAC-SHA256 or RSA2.") var type: SignType
    @Option(help: "The key's version.") var version: Int32
    @Option(help: "Why; stored in the audit log.") var because: String?

    func run() async throws {
        let now = SystemClock().now()
        let keys = try await PartiesCommand.transaction(global) { transaction in
            let revoked = try await transaction.run(
                RevokeKey(partyNo: partyNo, signType: type, version: version, now: now))
            if !revoked.isEmpty {
                _ = try await transaction.run(
                    AddAuditEntry(
                        actor: DeadLettersCommand.actor, action: "key.revoke", subject: partyNo,
                        detail: "\(type.rawValue) version \(version)"
                            + (because.map { "; \($0)" } ?? ""), now: now))
            }
            return try await transaction.run(KeyList(partyNo))
        }
        guard let key = keys.first(where: { $0.signType == type && $0.version == version }) else {
            throw CommandError("\(partyNo) has no \(type.rawValue) key of version \(version)")
        }
        if output.json { return try Terminal.json(KeyJSON(key)) }
        Terminal.line("\(type.rawValue) version \(version) of \(partyNo) is revoked")
        if !keys.contains(where: { $0.retiredAt == nil }) {
            Terminal.line("it has no valid key left: tally keys add \(partyNo)")
        }
    }
}

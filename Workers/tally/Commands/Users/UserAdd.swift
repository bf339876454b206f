import ArgumentParser
import Console
import Payments

/// `tally users add`
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a user and prints the temporary password, which is shown once.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @Argument(help: "What the user signs in with.") var login: String
    @Option(help: "What the user may do; docs/permissions.md is the table.") var role: UserRole
    @Option(help: "The agent or the merchant that the user is of.") var party: String?

    func run() async throws {
        let proof = try admin.proof()
        let (login, role, party) = (login, role, party)
        let password = try await admin.change(global) {
            try await $0.add(
                login: login, role: role, partyNo: party, proof: proof,
                actor: DeadLettersCommand.actor)
        }
        try TemporaryPassword(login: login.lowercased(), password: password).print(output)
    }
}

/// `tally users reset`
struct UserReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Gives a user a temporary password, ends the sessions, forgets one-time codes.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @Argument(help: "The user.") var login: String

    func run() async throws {
        let proof = try admin.proof()
        let login = login
        let password = try await admin.change(global) {
            try await $0.reset(login: login, proof: proof)
        }
        try TemporaryPassword(login: login.lowercased(), password: password).print(output)
    }
}

/// `tally users disable`
struct UserDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disables a user and ends the sessions.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @Argument(help: "The user.") var login: String

    private struct Result: Encodable {
        let login: String
        let status: String
    }

    func run() async throws {
        let proof = try admin.proof()
        let login = login
        try await admin.change(global) { try await $0.disable(login: login, proof: proof) }
        guard !output.json else {
            return try Terminal.json(Result(login: login, status: "disabled"))
        }
        Terminal.line("\(login) is disabled; every session has ended")
    }
}

/// A password that serves for one sign-in.
private struct TemporaryPassword: Encodable {
    let login: String
    let password: String

    func print(_ output: OutputOptions) throws {
        guard !output.json else { return try Terminal.json(self) }
        Terminal.line("login:               \(login)")
        Terminal.line("temporary password:  \(password)")
        Terminal.note("it is shown once and serves once: the user chooses another at sign-in")
    }
}

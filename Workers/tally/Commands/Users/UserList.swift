import ArgumentParser
import Payments
import Postgres
import Store

/// `tally users list`
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the console's users by login.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions

    private struct Line: Encodable {
        let login: String
        let role: String
        let partyNo: String?
        let status: String
        let hasOneTimeCodes: Bool
        let lockedUntil: String?
    }

    func run() async throws {
        let connection = try await CommandDatabase.connect(
            try await global.settings(), name: "users")
        let users = try await connection.run(AllUsers())
        await connection.close()
        if output.json {
            return try Terminal.json(
                users.map { user in
                    Line(
                        login: user.login, role: user.role.rawValue, partyNo: user.partyNo,
                        status: user.isActive ? "active" : "disabled",
                        hasOneTimeCodes: user.codeSecretSealed != nil,
                        lockedUntil: user.lockedUntil?.rfc3339)
                })
        }
        guard !users.isEmpty else {
            return Terminal.line(
                "there are no users: tally users add LOGIN --role super_admin makes the first")
        }
        let table = TextTable(
            headings: ["LOGIN", "ROLE", "PARTY", "CODES", "STATUS"],
            rows: users.map { user in
                [
                    user.login, user.role.rawValue, user.partyNo ?? "platform",
                    user.codeSecretSealed == nil ? "not enrolled" : "enrolled",
                    user.isActive ? "active" : "disabled",
                ]
            })
        for line in table.lines { Terminal.line(line) }
    }
}

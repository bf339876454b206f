import Sandbox
import Simulator

/// What `tally up` prints once the stack is ready: addresses, the sample business, commands to try.
struct StackPage {
    /// A command and what it shows.
    struct Suggestion {
        let command: String
        let purpose: String
    }

    let gateway: String
    let console: String
    let simulator: String
    /// Host and port; the URL holds the password.
    let database: String
    let brokers: String
    /// The data folder, as it is typed.
    let folder: String
    let parties: SampleParties
    let users: SampleUsers
    let suggestions: [Suggestion]

    var lines: [String] {
        addresses.lines + [""] + logins + [""] + agents.lines + [""] + merchants.lines + [
            "", "try:",
        ]
            + suggestions.flatMap { ["  # \($0.purpose)", "  \($0.command)"] } + [""]
    }

    private var addresses: TextTable {
        TextTable(
            headings: ["ENDPOINT", "ADDRESS"],
            rows: [
                ["console", "\(console)  (open it in a browser)"],
                ["gateway", gateway],
                ["simulator", "\(simulator)  (channel, cashier, bank, receivers)"],
                ["PostgreSQL", "\(database)  (its URL is in \(folder)/endpoints.json)"],
                ["Kafka", brokers],
                ["keys", "\(folder)/endpoints.json  (sign with them)"],
            ])
    }

    private var logins: [String] {
        let rows = users.logins.map { [$0.login, $0.role, $0.partyNo ?? "everything"] }
        return TextTable(headings: ["LOGIN", "ROLE", "SEES"], rows: rows).lines + [
            "password of each: \(users.password)",
            "authenticator key (for roles that need a code): \(users.authenticatorKey)",
        ]
    }

    private var agents: TextTable {
        TextTable(
            headings: ["AGENT", "NAME", "UNDER", "SIGN TYPES"],
            rows: parties.agents.map { agent in
                [agent.partyNo, agent.name, agent.parentNo ?? "-", signTypes(agent)]
            })
    }

    private var merchants: TextTable {
        TextTable(
            headings: ["MERCHANT", "NAME", "AGENTS", "PRODUCTS", "SIGN TYPES", "AGENTS SIGN"],
            rows: parties.merchants.map { merchant in
                let agents = parties.agents(above: merchant.partyNo).map(\.partyNo)
                return [
                    merchant.partyNo, merchant.name,
                    agents.isEmpty ? "-" : agents.joined(separator: " > "),
                    merchant.products.keys.sorted().joined(separator: " "), signTypes(merchant),
                    merchant.ordersThroughAgents ? "yes" : "no",
                ]
            })
    }

    private func signTypes(_ party: SampleParty) -> String {
        party.keys.map { "\($0.signType) v\($0.keyVersion)" }.joined(separator: ", ")
    }
}

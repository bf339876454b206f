import ArgumentParser
import Payments
import Store

/// `tally applications approve`
struct ApplicationApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a version that another person entered.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @Argument(help: "The application's number.") var applicationNo: String
    @Option(help: "The version that you have looked at.") var version: Int32
    @Option(help: "A note, for the history.") var note = ""

    func run() async throws {
        let (number, version, note) = (applicationNo, version, note)
        let partyNo = try await ApplicationsCommand.change(global, by: admin, for: .reviews) {
            ([], try await $0.approve(number, version: version, note: note, in: $1))
        }
        let next =
            partyNo.map { "it is \($0); tally users reset gives its login the first password" }
            ?? "tally worker onboarding registers it at the channel"
        try ApplicationResult(
            applicationNo: number, version: version, status: "approved", next: next
        ).print(output)
    }
}

/// `tally applications refuse`
struct ApplicationRefuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Refuse a version that another person entered.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @Argument(help: "The application's number.") var applicationNo: String
    @Option(help: "The version that you have looked at.") var version: Int32
    @Option(help: "Why, for the person who entered it.") var because: String
    @Option(help: "A field and what is wrong with it: card_no=it is a credit card. Repeatable.")
    var field: [String] = []

    func validate() throws { _ = try problems() }

    private func problems() throws -> [FieldProblem] {
        try field.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let field = ApplicationField(rawValue: String(parts[0])) else {
                let names = ApplicationField.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--field is NAME=REASON, the name one of \(names)")
            }
            return FieldProblem(field, String(parts[1]))
        }
    }

    func run() async throws {
        let (number, version, because) = (applicationNo, version, because)
        let fields = try problems()
        try await ApplicationsCommand.change(global, by: admin, for: .reviews) {
            (
                try await $0.refuse(
                    number, version: version, reason: because, fields: fields, in: $1), ()
            )
        }
        try ApplicationResult(
            applicationNo: number, version: version, status: "refused",
            next: "tally applications correct \(number) --form FILE"
        ).print(output)
    }
}

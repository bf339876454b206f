public import ArgumentParser
import Console
public import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally differences resolve`
struct DifferenceResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Decide on a difference; over the limit another person approves it.",
        discussion: """
            accept: the statement's line is that of our order or refund, which is settled with \
            our amount; the ledger takes over what the channel says. write_off: the platform \
            bears the loss or keeps the gain. dismiss: nothing is booked. `tally differences \
            show` says which of them fit.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var decider: AdminOptions
    @Argument(help: "The difference's number.") var id: Int64
    @Option(help: "accept, write_off or dismiss.") var action: DifferenceResolution.Action
    @Option(help: "channel_error, our_error, not_ours, rounding or other.")
    var reason: DifferenceResolution.Reason
    @Option(help: "In your words; other needs one.") var comment = ""

    func run() async throws {
        let (id, action, reason, comment) = (id, action, reason, comment)
        let isApplied = try await DifferenceDecision.make(global, by: decider) {
            try await $0.resolve(id, action, reason: reason, comment: comment, in: $1)
        }
        let status = isApplied ? "resolved" : "waits for a second person"
        try DifferenceResult(difference: id, status: status).print(output)
    }
}

/// `tally differences approve`
struct DifferenceApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve another person's decision on a difference, which then applies.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var decider: AdminOptions
    @Argument(help: "The difference's number.") var id: Int64

    func run() async throws {
        let id = id
        try await DifferenceDecision.make(global, by: decider) {
            try await $0.approve(id, in: $1)
        }
        try DifferenceResult(difference: id, status: "resolved").print(output)
    }
}

/// `tally differences refuse`
struct DifferenceRefuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        abstract: "Refuse another person's decision on a difference, which is as it was then.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var decider: AdminOptions
    @Argument(help: "The difference's number.") var id: Int64
    @Option(help: "Why; stored in the audit log.") var because = ""

    func run() async throws {
        let (id, note) = (id, because)
        try await DifferenceDecision.make(global, by: decider) {
            try await $0.refuse(id, note: note, in: $1)
        }
        try DifferenceResult(difference: id, status: "open").print(output)
    }
}

extension DifferenceResolution.Action: ExpressibleByArgument {}
extension DifferenceResolution.Reason: ExpressibleByArgument {}

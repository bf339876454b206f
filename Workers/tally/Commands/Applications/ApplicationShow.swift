import ArgumentParser
import Composition
import Payments
import Postgres
import Store

/// `tally applications show`
struct ApplicationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an application: where it stands, what is entered, what has happened.",
        discussion: "Names of people, their numbers and the card are shown masked.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The application's number.") var applicationNo: String

    func run() async throws {
        let sealer = try await CommandSealer.checked(global)
        let sealed = SealedApplication(applicationNo, sealer: sealer)
        let (row, form, images, history) = try await ApplicationsCommand.read(global) {
            transaction in
            guard let row = try await transaction.run(ApplicationByNo(applicationNo)).first else {
                throw CommandError("there is no application \(applicationNo)")
            }
            return (
                row, try await sealed.form(version: row.version, in: transaction),
                try await transaction.run(
                    ApplicationImagesOf(applicationNo, version: row.version, readsContent: false)),
                try await transaction.run(ApplicationHistory(applicationNo))
            )
        }
        let shown = ApplicationJSON(
            row, form: form, images: images.map(\.kind.rawValue), history: history)
        if output.json { return try Terminal.json(shown) }
        for line in shown.lines(row) { Terminal.line(line) }
    }
}

/// An application as commands print it.
struct ApplicationJSON: Encodable {
    struct Problem: Encodable {
        let field: String
        let reason: String
    }

    struct Event: Encodable {
        let at: String
        let what: String
        let detail: String
        let version: Int32
    }

    let applicationNo: String
    let kind: String
    let parentNo: String
    let name: String
    let login: String
    let status: String
    let step: String?
    let version: Int32
    let blacklist: String?
    let refusal: String?
    let refusedFields: [Problem]
    let partyNo: String?
    let channelMerchantNo: String?
    let enteredBy: String
    let enteredAt: String
    let nextAttemptAt: String?
    let form: [String: String]?
    let rates: [String: Int64]?
    let images: [String]?
    let history: [Event]?

    init(
        _ row: ApplicationRow, form: ApplicationForm? = nil, images: [String]? = nil,
        history: [ApplicationHistory.Row]? = nil
    ) {
        applicationNo = row.applicationNo
        kind = row.kind.rawValue
        parentNo = row.parentNo
        name = row.name
        login = row.login
        status = row.status.rawValue
        step = row.step?.rawValue
        version = row.version
        blacklist = row.blacklist?.rawValue
        refusal = row.refusal
        refusedFields = row.refusedFields.map {
            Problem(field: $0.field.rawValue, reason: $0.reason)
        }
        partyNo = row.partyNo
        channelMerchantNo = row.channelMerchantNo
        enteredBy = row.enteredBy
        enteredAt = row.enteredAt.rfc3339
        nextAttemptAt = row.nextAttemptAt?.rfc3339
        self.form = form.map { form in
            Dictionary(
                uniqueKeysWithValues: form.texts.map { ($0.key.rawValue, $0.key.masked($0.value)) })
        }
        rates = form.map { form in
            Dictionary(uniqueKeysWithValues: form.rates.map { ($0.key.rawValue, $0.value.ppm) })
        }
        self.images = images
        self.history = history?.map {
            Event(at: $0.at.rfc3339, what: $0.what, detail: $0.detail, version: $0.version)
        }
    }

    func lines(_ row: ApplicationRow) -> [String] {
        func escaped(_ text: String) -> String { PrintableBytes.escaped(text) }
        var lines = [
            "\(kind) application \(applicationNo), version \(version), below \(parentNo)",
            "status: " + standing(row),
        ]
        if let refusal { lines.append("refused: " + escaped(refusal)) }
        lines += refusedFields.map { "  \($0.field): " + escaped($0.reason) }
        if let blacklist { lines.append("blacklist: \(blacklist)") }
        if let next = next(row) { lines.append("next: \(next)") }
        lines.append("entered:")
        for field in ApplicationField.texts {
            if let value = form?[field.rawValue] {
                lines.append("  \(field.rawValue): " + escaped(value))
            }
        }
        let agreed = Product.allCases.compactMap { product in
            rates?[product.rawValue].map { "\(product.rawValue) \($0) ppm" }
        }
        lines.append("  rates: " + agreed.joined(separator: ", "))
        lines.append("  login: \(login)")
        let documents = images ?? []
        lines.append(
            "  images: " + (documents.isEmpty ? "none" : documents.joined(separator: ", ")))
        lines.append("history:")
        lines += (history ?? []).map {
            "  \($0.at)  v\($0.version)  \($0.what): " + escaped($0.detail)
        }
        return lines
    }

    private func standing(_ row: ApplicationRow) -> String {
        switch row.status {
        case .checking: "checking: the channel's blacklist is queried"
        case .inReview: "in_review: waits for a reviewer other than \(enteredBy)"
        case .onboarding: "onboarding: the channel is registering it, step \(step ?? "")"
        case .active:
            "active: it is \(partyNo ?? "")"
                + (channelMerchantNo.map { ", at the channel \($0)" } ?? "")
        case .refused: "refused"
        }
    }

    private func next(_ row: ApplicationRow) -> String? {
        switch row.status {
        case .checking, .onboarding:
            nextAttemptAt.map { "tally worker onboarding does the step at \($0)" }
                ?? "tally worker onboarding has not seen it yet: check that it runs"
        case .inReview:
            "tally applications approve \(applicationNo) --version \(version), or refuse it"
        case .active: "tally users reset \(login) gives the login its first password"
        case .refused: "tally applications correct \(applicationNo) --form FILE"
        }
    }
}

import ArgumentParser
import Foundation
import Payments
import Store

/// The files of an application.
struct ApplicationFiles: ParsableArguments {
    @Option(
        help: """
            A JSON file of the company; - reads standard input. docs/how-to/first-merchant.md has \
            one.
            """)
    var form: String
    @Option(help: "The licence's image: JPEG or PNG, up to 2 MiB.") var license: String?
    @Option(help: "The image of the legal person's identity card, the side with the portrait.")
    var idFront: String?
    @Option(help: "The image of its other side.") var idBack: String?

    func readForm() throws -> ApplicationForm {
        let data: Data?
        if form == "-" {
            data = try FileHandle.standardInput.read(upToCount: Self.limit + 1)
        } else {
            let file = FileHandle(forReadingAtPath: form)
            data = try file?.read(upToCount: Self.limit + 1)
        }
        guard let data else { throw CommandError("\(form) can't be read: check --form") }
        guard data.count <= Self.limit else { throw CommandError("\(form) has more than 64 KiB") }
        do {
            return try JSONDecoder().decode(ApplicationForm.self, from: data)
        } catch let error as DecodingError {
            throw CommandError("\(form): \(Self.text(error))")
        }
    }

    func readImages() throws -> [DocumentImage] {
        let files: [(DocumentKind, String?)] = [
            (.license, license), (.idFront, idFront), (.idBack, idBack),
        ]
        return try files.compactMap { kind, path -> DocumentImage? in
            guard let path else { return nil }
            guard let file = FileHandle(forReadingAtPath: path),
                let data = try file.read(upToCount: DocumentImage.limit + 1)
            else { throw CommandError("\(path) can't be read") }
            do {
                return try DocumentImage(kind, Array(data))
            } catch {
                throw CommandError("\(path): \((error as? FieldProblem)?.reason ?? "\(error)")")
            }
        }
    }

    private static let limit = 64 * 1024

    private static func text(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context), .keyNotFound(_, let context),
            .typeMismatch(_, let context), .valueNotFound(_, let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return (path.isEmpty ? "" : "\(path): ") + context.debugDescription
        @unknown default: return "it isn't the JSON of an application"
        }
    }
}

/// `tally applications add`
struct ApplicationAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Enter an application, for another person to decide.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var files: ApplicationFiles
    @Option(help: "agent or merchant.") var kind: ApplicationKind
    @Option(help: "The party that it will be below: an agent or the platform.") var below: String
    @Option(help: "What its first user will sign in with.") var login: String

    func run() async throws {
        let entry = Applications.Entry(
            kind: kind, parentNo: below, login: login, form: try files.readForm(),
            images: try files.readImages())
        let number = try await ApplicationsCommand.change(global, by: admin, for: .applications) {
            let (number, events) = try await $0.enter(entry, in: $1)
            return (events, number)
        }
        let next =
            kind == .merchant
            ? "the channel's blacklist is queried; then another person reviews it"
            : "another person reviews it: tally applications approve \(number) --version 1"
        try ApplicationResult(applicationNo: number, version: 1, status: "entered", next: next)
            .print(output)
    }
}

/// `tally applications correct`
struct ApplicationCorrect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Enter a corrected version of one that is refused or waits for its review.",
        discussion: "Images that aren't given stay those of the version before.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var admin: AdminOptions
    @OptionGroup var files: ApplicationFiles
    @Argument(help: "The application's number.") var applicationNo: String
    @Option(help: "Another login for its first user.") var login: String?

    func run() async throws {
        let (number, login) = (applicationNo, login)
        let (form, images) = (try files.readForm(), try files.readImages())
        let version = try await ApplicationsCommand.change(global, by: admin, for: .applications) {
            let (version, events) = try await $0.correct(
                number, login: login, form: form, images: images, in: $1)
            return (events, version)
        }
        try ApplicationResult(
            applicationNo: number, version: version, status: "entered",
            next: "it is checked and reviewed as the first version was"
        ).print(output)
    }
}

import Hummingbird
import NIOCore
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `/applications`: companies that are to become agents or merchants, the newest first; and each
/// with what is entered, what has happened, and the forms of those who may decide.
struct ApplicationsPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads
    let sealer: Sealer
    let clock: any BusinessClock

    private static let pageSize = 50

    private struct Row {
        let number: String
        let kind: String
        let parentNo: String
        let status: String
        let entered: String
        let name: String
    }

    private struct Choice {
        let value: String
        let name: String
        let isChosen: Bool
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/applications") { request, context in
            let user = try reads.user(context, for: .applications)
            return try await list(request, user, context)
        }
        router.get("/applications/:no") { _, context in
            let user = try reads.user(context, for: .applications)
            return try await show(try context.parameters.require("no"), user, context)
        }
        router.get("/applications/:no/images/:kind") { _, context in
            let user = try reads.user(context, for: .reviews)
            guard let kind = DocumentKind(rawValue: try context.parameters.require("kind")) else {
                throw PageError(status: .notFound)
            }
            return try await image(kind, of: try context.parameters.require("no"), user)
        }
        router.post("/applications/:no/approve") { request, context in
            try await decide(request, context) { applications, number, version, form, transaction in
                _ = try await applications.approve(
                    number, version: version, note: form.text("note"), in: transaction)
                return []
            }
        }
        router.post("/applications/:no/refuse") { request, context in
            try await decide(request, context) { applications, number, version, form, transaction in
                try await applications.refuse(
                    number, version: version, reason: form.text("reason"), in: transaction)
            }
        }
    }

    // MARK: The list

    private func list(
        _ request: Request, _ user: User, _ context: ConsoleContext
    ) async throws -> Response {
        let say = context.language
        let text = request.uri.queryParameters.get("status") ?? ""
        let status = ApplicationStatus(rawValue: text)
        guard text.isEmpty || status != nil else { throw PageError(status: .badRequest) }
        let before = request.uri.queryParameters.get("before")
        let found = try await reads.pool.transaction {
            try await $0.run(
                ApplicationList(
                    status: status, root: user.partyNo, before: before,
                    limit: Self.pageSize + 1))
        }
        let shown = found.prefix(Self.pageSize)
        let rows = shown.map { row in
            Row(
                number: row.applicationNo, kind: say.kind(row.kind), parentNo: row.parentNo,
                status: say.status(row.status), entered: row.enteredAt.shanghai, name: row.name)
        }
        let next = found.count > Self.pageSize ? shown.last.map { [$0.applicationNo] } : nil
        return pages.page(
            "applications", title: say("Applications", "进件申请"), context: context,
            path: "/applications",
            content: [
                "rows": rows, "isEmpty": rows.isEmpty, "next": next ?? [],
                "status": status?.rawValue ?? "",
                "choices": ApplicationStatus.allCases.map {
                    Choice(value: $0.rawValue, name: say.status($0), isChosen: $0 == status)
                },
            ])
    }

    // MARK: One application

    private func show(
        _ number: String, _ user: User, _ context: ConsoleContext, problem: String? = nil
    ) async throws -> Response {
        let sealed = SealedApplication(number, sealer: sealer)
        let (row, form, images, history) = try await reads.pool.transaction { transaction in
            let row = try await transaction.run(ApplicationByNo(number)).first
            guard let row, try await sees(row, user, in: transaction) else {
                throw PageError(status: .notFound)
            }
            return (
                row, try await sealed.form(version: row.version, in: transaction),
                try await transaction.run(
                    ApplicationImagesOf(number, version: row.version, readsContent: false)),
                try await transaction.run(ApplicationHistory(number))
            )
        }
        let say = context.language
        let mayReview = user.role.permissions.contains(.reviews)
        let waits = row.status == .inReview && mayReview
        let isOwn = row.enteredByNo == user.userNo
        let content = ApplicationContent(
            row: row, form: form, images: images.map(\.kind), history: history, say: say)
        return pages.page(
            "application", title: say("Application \(number)", "进件申请 \(number)"),
            context: context, path: "/applications", status: problem == nil ? .ok : .conflict,
            content: content.fields.merging([
                "problems": problem.map { [$0] } ?? [], "mayDecide": waits && !isOwn,
                "documents": mayReview
                    ? images.map {
                        Choice(
                            value: $0.kind.rawValue, name: say.document($0.kind), isChosen: false)
                    }
                    : [],
                "isOwn": waits && isOwn, "formToken": context.session?.formToken ?? "",
            ]) { $1 })
    }

    /// A document as it was uploaded: personal data that isn't masked, so it is in the audit log.
    private func image(
        _ kind: DocumentKind, of number: String, _ user: User
    ) async throws -> Response {
        let sealed = SealedApplication(number, sealer: sealer)
        let now = clock.now()
        let found = try await reads.pool.transaction { transaction in
            guard let row = try await transaction.run(ApplicationByNo(number)).first,
                try await sees(row, user, in: transaction),
                let image = try await transaction.run(
                    ApplicationImagesOf(number, version: row.version, readsContent: true)
                ).first(where: { $0.kind == kind })
            else { throw PageError(status: .notFound) }
            _ = try await transaction.run(
                AddAuditEntry(
                    actor: user.login, action: "application.image", subject: number,
                    detail: "version \(row.version) \(kind.rawValue)", now: now))
            return image
        }
        let image = try sealed.image(found)
        let type = image.format == .png ? "image/png" : "image/jpeg"
        return Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: image.bytes)))
    }

    private func sees(
        _ row: ApplicationRow, _ user: User, in transaction: PostgresTransaction
    ) async throws -> Bool {
        guard let own = user.partyNo else { return user.role.isPlatform }
        return try await transaction.run(PathOfParty(row.parentNo)).contains(own)
    }

    /// Runs a decision of the form's user, and shows the application again; what refuses it is
    /// shown above the form.
    private func decide(
        _ request: Request, _ context: ConsoleContext,
        _ body:
            @Sendable @escaping (
                Applications, String, Int32, ConsoleForm, PostgresTransaction
            ) async throws -> [OutgoingEvent]
    ) async throws -> Response {
        let user = try reads.user(context, for: .reviews)
        let form = try await ConsoleForm.read(request, of: context.session)
        let number = try context.parameters.require("no")
        guard let version = Int32(form.text("version")) else {
            throw PageError(status: .badRequest)
        }
        let applications = Applications(user: user, sealer: sealer, now: clock.now())
        do {
            try await reads.pool.transaction { transaction in
                let events = try await body(applications, number, version, form, transaction)
                guard !events.isEmpty else { return }
                _ = try await transaction.run(
                    AddToOutbox(worker: Applications.outbox, sources: [], events: events))
            }
        } catch let refusal as ApplicationRefusal {
            if case .unknown = refusal { throw PageError(status: .notFound) }
            return try await show(
                number, user, context, problem: refusal.text(context.language))
        }
        return Response(status: .seeOther, headers: [.location: "/applications/\(number)"])
    }
}

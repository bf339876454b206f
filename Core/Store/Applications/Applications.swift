import Events
public import Payments
public import Postgres

/// What people do with applications: one enters, another one decides; each is in the audit log.
public struct Applications: Sendable {
    /// The worker of the outbox rows of what people do; the onboarding role's relay publishes them.
    public static let outbox = "applications"

    let user: User
    let sealer: Sealer
    let now: Timestamp

    /// - Parameters:
    ///   - user: who enters or decides; the caller has checked the permission.
    ///   - sealer: seals what is entered.
    public init(user: User, sealer: Sealer, now: Timestamp) {
        self.user = user
        self.sealer = sealer
        self.now = now
    }

    /// What a user enters.
    public struct Entry: Sendable {
        /// What the company is to become.
        public let kind: ApplicationKind
        /// The party that it will be below.
        public let parentNo: String
        /// What its first user will sign in with.
        public let login: String
        /// The company.
        public let form: ApplicationForm
        /// The documents' images; of a corrected version those that changed.
        public let images: [DocumentImage]

        /// An entry by its parts.
        public init(
            kind: ApplicationKind, parentNo: String, login: String, form: ApplicationForm,
            images: [DocumentImage]
        ) {
            self.kind = kind
            self.parentNo = parentNo
            self.login = login.lowercased()
            self.form = form
            self.images = images
        }
    }

    /// Enters an application.
    /// - Returns: its number, and the events to publish with the transaction.
    /// - Throws: ``ApplicationRefusal``.
    public func enter(
        _ entry: Entry, in transaction: PostgresTransaction
    ) async throws -> (applicationNo: String, events: [OutgoingEvent]) {
        let number = try await transaction.run(NextApplicationNo(now: now))
        guard let applicationNo = number.first else {
            throw PostgresError.decoding("there is no new application number")
        }
        try await check(entry, of: applicationNo, in: transaction)
        let columns = columns(entry, applicationNo)
        try await write(InsertApplication(entry: columns), entry, in: transaction)
        try await store(entry, of: applicationNo, version: 1, in: transaction)
        try await log(
            "application.enter", applicationNo,
            "\(entry.kind.rawValue) below "
                + entry.parentNo, in: transaction)
        return (applicationNo, try events(entry, applicationNo))
    }

    /// Enters a corrected version of one that is refused, or waits for its review. Images that the
    /// entry doesn't have stay those of the version before.
    /// - Returns: the new version, and the events to publish with the transaction.
    /// - Throws: ``ApplicationRefusal``.
    public func correct(
        _ applicationNo: String, login: String?, form: ApplicationForm, images: [DocumentImage],
        in transaction: PostgresTransaction
    ) async throws -> (version: Int32, events: [OutgoingEvent]) {
        let before = try await visible(applicationNo, in: transaction)
        guard before.status == .refused || before.status == .inReview else {
            throw ApplicationRefusal.notNow(applicationNo, before.status)
        }
        let entry = Entry(
            kind: before.kind, parentNo: before.parentNo, login: login ?? before.login,
            form: form, images: images)
        let kept = try await transaction.run(
            ApplicationImagesOf(applicationNo, version: before.version, readsContent: false))
        try await check(
            entry, of: applicationNo, keeping: Set(kept.map(\.kind)), in: transaction)
        try await write(
            RestartApplication(entry: columns(entry, applicationNo)), entry, in: transaction)
        let version = before.version + 1
        try await store(entry, of: applicationNo, version: version, in: transaction)
        _ = try await transaction.run(
            KeepApplicationImages(applicationNo: applicationNo, version: version))
        try await log(
            "application.correct", applicationNo, "version \(version)", in: transaction)
        return (version, try events(entry, applicationNo))
    }

    /// Approves a version that another user entered. A merchant goes to the channel; an agent is
    /// active at once.
    /// - Returns: the agent's number; `nil` for a merchant.
    /// - Throws: ``ApplicationRefusal``.
    public func approve(
        _ applicationNo: String, version: Int32, note: String = "",
        in transaction: PostgresTransaction
    ) async throws -> String? {
        let application = try await reviewed(applicationNo, version, in: transaction)
        guard Self.isText(note) else { throw ApplicationRefusal.reasonMissing }
        // What was right when it was entered may not be any more.
        let form = try await SealedApplication(applicationNo, sealer: sealer).form(
            version: version, in: transaction)
        let problems = try await rateProblems(
            form, below: application.parentNo, in: transaction)
        guard problems.isEmpty else { throw ApplicationRefusal.fields(problems) }
        try await decide(application, isApproved: true, note, in: transaction)
        guard application.kind == .agent else {
            _ = try await transaction.run(
                MoveApplication(applicationNo: applicationNo, to: .on(.images), now: now))
            return nil
        }
        return try await Activation(
            application: application, form: form, actor: user.login, sealer: sealer, now: now
        ).run(in: transaction)
    }

    /// Refuses a version that another user entered.
    /// - Parameter fields: what is wrong with which field.
    /// - Returns: the events to publish with the transaction.
    /// - Throws: ``ApplicationRefusal``.
    public func refuse(
        _ applicationNo: String, version: Int32, reason: String, fields: [FieldProblem] = [],
        in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        let areTexts = fields.allSatisfy { Self.isText($0.reason) && !$0.reason.isEmpty }
        guard Self.isText(reason), !reason.isEmpty, areTexts else {
            throw ApplicationRefusal.reasonMissing
        }
        let application = try await reviewed(applicationNo, version, in: transaction)
        try await decide(application, isApproved: false, reason, in: transaction)
        _ = try await transaction.run(
            MoveApplication(
                applicationNo: applicationNo, to: .refused(reason, fields), now: now))
        guard application.kind == .merchant else { return [] }
        return [
            try OutgoingEvent(
                MerchantReviewed.refused(
                    applicationNo, agentNo: application.parentNo, reason: reason, at: now))
        ]
    }

    // MARK: Checks

    private func reviewed(
        _ applicationNo: String, _ version: Int32, in transaction: PostgresTransaction
    ) async throws -> ApplicationRow {
        let application = try await visible(applicationNo, in: transaction)
        guard application.status == .inReview else {
            throw ApplicationRefusal.notNow(applicationNo, application.status)
        }
        guard application.version == version else {
            throw ApplicationRefusal.version(applicationNo, newest: application.version)
        }
        guard application.enteredByNo != user.userNo else {
            throw ApplicationRefusal.own(applicationNo)
        }
        return application
    }

    private func visible(
        _ applicationNo: String, in transaction: PostgresTransaction
    ) async throws -> ApplicationRow {
        let found = try await transaction.run(LockApplication(applicationNo)).first
        guard let found, try await isBelow(found.parentNo, in: transaction) else {
            throw ApplicationRefusal.unknown(applicationNo)
        }
        return found
    }

    /// Whether a party is in the user's subtree.
    private func isBelow(
        _ partyNo: String, in transaction: PostgresTransaction
    ) async throws -> Bool {
        guard let own = user.partyNo else { return true }
        return try await transaction.run(PathOfParty(partyNo)).contains(own)
    }

    private func check(
        _ entry: Entry, of applicationNo: String, keeping kept: Set<DocumentKind> = [],
        in transaction: PostgresTransaction
    ) async throws {
        let parent = try await transaction.run(PartyList(partyNo: entry.parentNo, limit: 1)).first
        guard let parent, try await isBelow(entry.parentNo, in: transaction) else {
            throw ApplicationRefusal.parent(entry.parentNo, "there is no such party")
        }
        guard parent.kind != .merchant, parent.status != "closed" else {
            throw ApplicationRefusal.parent(
                entry.parentNo, "it is a \(parent.kind.rawValue), \(parent.status)")
        }
        var problems = entry.form.problems(of: entry.kind)
        let kinds = kept.union(entry.images.map(\.kind))
        if ApplicationField.images.isRequired(for: entry.kind) {
            problems += DocumentKind.allCases.filter { !kinds.contains($0) }.map {
                FieldProblem(.images, "the image \($0.rawValue) is missing")
            }
        }
        if !User.isLogin(entry.login) {
            problems.append(FieldProblem(.login, User.loginRule))
        } else if try await transaction.run(
            LoginIsTaken(login: entry.login, applicationNo: applicationNo)
        ).first == true {
            problems.append(FieldProblem(.login, "the login \(entry.login) is taken"))
        }
        let same = SameCompany(kind: entry.kind, form: entry.form, applicationNo: applicationNo)
        if let other = try await transaction.run(same).first {
            problems.append(
                FieldProblem(.licenseNo, "\(other) is of the same company and short name"))
        }
        problems += try await rateProblems(entry.form, below: entry.parentNo, in: transaction)
        guard problems.isEmpty else { throw ApplicationRefusal.fields(problems) }
    }

    private func rateProblems(
        _ form: ApplicationForm, below parentNo: String, in transaction: PostgresTransaction
    ) async throws -> [FieldProblem] {
        let above = try await transaction.run(RateHistory([parentNo]))
        return Product.allCases.compactMap { product -> FieldProblem? in
            guard let rate = form.rates[product] else { return nil }
            let current = above.last { $0.product == product && $0.effectiveFrom <= now }?.rate
            guard let current else {
                return FieldProblem(
                    .rates, "\(parentNo) above it has no rate for \(product.rawValue)")
            }
            guard current > rate else { return nil }
            return FieldProblem(
                .rates,
                "\(rate) for \(product.rawValue) is less than the \(current) of "
                    + "\(parentNo) above it")
        }
    }

    private static func isText(_ text: String) -> Bool {
        text.count <= 1_000 && text == PrintableText.of(text, maximum: 1_000)
    }

    // MARK: Writing

    /// What was entered at the same moment, and isn't seen yet, is found by the unique indexes.
    private func write(
        _ statement: some PostgresStatement, _ entry: Entry, in transaction: PostgresTransaction
    ) async throws {
        do throws(PostgresError) {
            _ = try await transaction.run(statement)
        } catch {
            guard error.sqlState == "23505" else { throw error }
            throw ApplicationRefusal.fields([
                FieldProblem(
                    .licenseNo, "the company or the login \(entry.login) was entered just now")
            ])
        }
    }

    private func columns(_ entry: Entry, _ applicationNo: String) -> EntryColumns {
        EntryColumns(
            applicationNo: applicationNo, kind: entry.kind, parentNo: entry.parentNo,
            login: entry.login, form: entry.form, now: now)
    }

    private func store(
        _ entry: Entry, of applicationNo: String, version: Int32,
        in transaction: PostgresTransaction
    ) async throws {
        let sealed = SealedApplication(applicationNo, sealer: sealer)
        _ = try await transaction.run(
            InsertApplicationVersion(
                applicationNo: applicationNo, version: version,
                formSealed: try sealed.seal(entry.form, version: version), userNo: user.userNo,
                now: now))
        for image in entry.images {
            _ = try await transaction.run(
                InsertApplicationImage(
                    applicationNo: applicationNo, version: version, image: image,
                    contentSealed: try sealed.seal(image)))
        }
    }

    private func decide(
        _ application: ApplicationRow, isApproved: Bool, _ note: String,
        in transaction: PostgresTransaction
    ) async throws {
        _ = try await transaction.run(
            InsertApplicationDecision(
                application: application, userNo: user.userNo, isApproved: isApproved, note: note,
                now: now))
        try await log(
            isApproved ? "application.approve" : "application.refuse", application.applicationNo,
            "version \(application.version)" + (note.isEmpty ? "" : "; \(note)"), in: transaction)
    }

    private func log(
        _ action: String, _ applicationNo: String, _ detail: String,
        in transaction: PostgresTransaction
    ) async throws {
        _ = try await transaction.run(
            AddAuditEntry(
                actor: user.login, action: action, subject: applicationNo, detail: detail,
                now: now))
    }

    private func events(_ entry: Entry, _ applicationNo: String) throws -> [OutgoingEvent] {
        guard entry.kind == .merchant else { return [] }
        return [
            try OutgoingEvent(
                MerchantApplied.make(
                    applicationNo, agentNo: entry.parentNo, rates: entry.form.rates, at: now))
        ]
    }
}

public import Payments
public import Postgres

/// The number of a new application: `AP`, the day, and a count.
struct NextApplicationNo: PostgresStatement {
    let now: Timestamp

    static let sql = "select 'AP' || $1::text || lpad(nextval('application_numbers')::text, 6, '0')"

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(BusinessDay.containing(now).compact)
    }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.text(0) }
}

/// A new party number of a kind, never used before.
struct NextPartyNo: PostgresStatement {
    let kind: ApplicationKind

    static let sql = "select next_party_no($1)"
    func bind(_ bindings: inout PostgresBindings) { bindings.append(kind.rawValue) }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.text(0) }
}

/// What of an entry isn't sealed.
struct EntryColumns: Sendable {
    let applicationNo: String
    let kind: ApplicationKind
    let parentNo: String
    let login: String
    let form: ApplicationForm
    let now: Timestamp

    /// Where a newly entered version begins: a merchant with the blacklist, an agent in review.
    var begins: (status: ApplicationStatus, step: OnboardingStep?) {
        kind == .merchant ? (.checking, .blacklist) : (.inReview, nil)
    }

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(login)
        bindings.append(form[.name])
        bindings.append(form[.shortName])
        bindings.append(form[.licenseNo])
        bindings.append(begins.status.rawValue)
        bindings.append(begins.step?.rawValue)
        bindings.append(now)
    }
}

/// Inserts an application, whose first version follows in the transaction.
struct InsertApplication: PostgresStatement {
    let entry: EntryColumns

    static let sql = """
        insert into applications (application_no, login, name, short_name, license_no, status, step,
            entered_at, changed_at, kind, parent_no)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)
        """

    func bind(_ bindings: inout PostgresBindings) {
        entry.bind(&bindings)
        bindings.append(entry.kind.rawValue)
        bindings.append(entry.parentNo)
    }
}

/// Begins the application anew with the next version, which follows in the transaction.
struct RestartApplication: PostgresStatement {
    let entry: EntryColumns

    static let sql = """
        update applications set login = $2, name = $3, short_name = $4, license_no = $5,
            status = $6, step = $7, changed_at = $8, version = version + 1, blacklist = null,
            blacklist_at = null, refusal = null, refused_fields = '{}', refused_reasons = '{}',
            next_attempt_at = null, attempt = 0, \(Lease.applications.release)
        where application_no = $1
        """

    func bind(_ bindings: inout PostgresBindings) { entry.bind(&bindings) }
}

/// Inserts a version of a form.
struct InsertApplicationVersion: PostgresStatement {
    let applicationNo: String
    let version: Int32
    let formSealed: [UInt8]
    let userNo: String
    let now: Timestamp

    static let sql = """
        insert into application_versions
            (application_no, version, form_sealed, entered_by, entered_at)
        values ($1, $2, $3, $4, $5)
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(version)
        bindings.append(formSealed)
        bindings.append(userNo)
        bindings.append(now)
    }
}

/// Inserts an image of a version.
struct InsertApplicationImage: PostgresStatement {
    let applicationNo: String
    let version: Int32
    let image: DocumentImage
    let contentSealed: [UInt8]

    static let sql = """
        insert into application_images (application_no, version, kind, format, content_sealed)
        values ($1, $2, $3, $4, $5)
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(version)
        bindings.append(image.kind.rawValue)
        bindings.append(image.format.rawValue)
        bindings.append(contentSealed)
    }
}

/// The images of the version before become those of the new one, where it has none of its own.
struct KeepApplicationImages: PostgresStatement {
    let applicationNo: String
    let version: Int32

    static let sql = """
        insert into application_images
            (application_no, version, kind, format, content_sealed, channel_image_no)
        select application_no, $2, kind, format, content_sealed, channel_image_no
        from application_images where application_no = $1 and version = $2 - 1
        on conflict do nothing
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(version)
    }
}

/// Whether a login is taken by a user, or by another application that isn't refused.
struct LoginIsTaken: PostgresStatement {
    let login: String
    let applicationNo: String

    static let sql = """
        select exists (select from users where login = $1)
            or exists (select from applications where login = $1 and status <> 'refused'
                and application_no <> $2)
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(login)
        bindings.append(applicationNo)
    }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.bool(0) }
}

/// The application that is of the same company, under the same short name, and isn't refused.
struct SameCompany: PostgresStatement {
    let kind: ApplicationKind
    let form: ApplicationForm
    let applicationNo: String

    static let sql = """
        select application_no from applications
        where kind = $1 and license_no = $2 and short_name = $3 and status <> 'refused'
            and application_no <> $4
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(kind.rawValue)
        bindings.append(form[.licenseNo])
        bindings.append(form[.shortName])
        bindings.append(applicationNo)
    }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.text(0) }
}

/// Stores who decided what on a version; the database refuses a decision by who entered it.
struct InsertApplicationDecision: PostgresStatement {
    let application: ApplicationRow
    let userNo: String
    let isApproved: Bool
    let note: String
    let now: Timestamp

    static let sql = """
        insert into application_decisions (application_no, version, entered_by, decided_by,
            is_approved, note, decided_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(application.applicationNo)
        bindings.append(application.version)
        bindings.append(application.enteredByNo)
        bindings.append(userNo)
        bindings.append(isApproved)
        bindings.append(note)
        bindings.append(now)
    }
}

/// Where an application stands after a decision or a step.
public struct MoveApplication: PostgresStatement {
    let applicationNo: String
    let to: ApplicationMove
    let now: Timestamp

    /// The caller has locked the application in the transaction.
    public init(applicationNo: String, to: ApplicationMove, now: Timestamp) {
        self.applicationNo = applicationNo
        self.to = to
        self.now = now
    }

    public static let sql = """
        update applications set status = $2, step = $3, refusal = $4, refused_fields = $5,
            refused_reasons = $6, next_attempt_at = $7, changed_at = $8,
            party_no = coalesce($9, party_no), attempt = 0, \(Lease.applications.release)
        where application_no = $1
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(to.status.rawValue)
        bindings.append(to.step?.rawValue)
        bindings.append(to.refusal?.text)
        bindings.append(to.refusal?.fields.map(\.field.rawValue) ?? [])
        bindings.append(to.refusal?.fields.map(\.reason) ?? [])
        bindings.append(to.step == nil ? nil : now)
        bindings.append(now)
        bindings.append(to.partyNo)
    }
}

/// Where an application goes.
public struct ApplicationMove: Sendable, Equatable {
    /// Why it is refused: a sentence, and the fields that it is about.
    public struct Refusal: Sendable, Equatable {
        let text: String
        let fields: [FieldProblem]
    }

    let status: ApplicationStatus
    let step: OnboardingStep?
    let refusal: Refusal?
    let partyNo: String?

    /// Why it is refused; `nil` where it isn't.
    public var refusalText: String? { refusal?.text }

    /// The worker's next step.
    public static func on(_ step: OnboardingStep) -> ApplicationMove {
        ApplicationMove(
            status: step == .blacklist ? .checking : .onboarding, step: step, refusal: nil,
            partyNo: nil)
    }

    /// It waits for a reviewer.
    public static let toReview = ApplicationMove(
        status: .inReview, step: nil, refusal: nil, partyNo: nil)

    /// It is refused.
    public static func refused(_ text: String, _ fields: [FieldProblem] = []) -> ApplicationMove {
        ApplicationMove(
            status: .refused, step: nil,
            refusal: Refusal(text: PrintableText.of(text, maximum: 1_000), fields: fields),
            partyNo: nil)
    }

    /// The party exists.
    static func active(_ partyNo: String) -> ApplicationMove {
        ApplicationMove(status: .active, step: nil, refusal: nil, partyNo: partyNo)
    }
}

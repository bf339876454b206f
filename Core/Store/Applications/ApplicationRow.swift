public import Payments
import Postgres

/// An application as it stands, without its form.
public struct ApplicationRow: Sendable {
    /// Its number.
    public let applicationNo: String
    /// What it is for.
    public let kind: ApplicationKind
    /// The party that it will be below.
    public let parentNo: String
    /// The company's name.
    public let name: String
    /// The name that payers are shown; may be empty for an agent.
    public let shortName: String
    /// What the first user will sign in with.
    public let login: String
    /// Where it stands.
    public let status: ApplicationStatus
    /// What the onboarding worker does next; `nil` where it isn't its turn.
    public let step: OnboardingStep?
    /// The newest version of its form, from 1.
    public let version: Int32
    /// The channel's blacklist, for this version; `nil` before it was queried.
    public let blacklist: BlacklistResult?
    /// When that was answered.
    public let blacklistAt: Timestamp?
    /// Why it was refused; `nil` where it wasn't.
    public let refusal: String?
    /// The fields that the refusal names.
    public let refusedFields: [FieldProblem]
    /// The party that it became.
    public let partyNo: String?
    /// The channel's number of the merchant.
    public let channelMerchantNo: String?
    /// When its first version was entered.
    public let enteredAt: Timestamp
    /// When it last changed.
    public let changedAt: Timestamp
    /// When the worker does its next step.
    public let nextAttemptAt: Timestamp?
    /// How often the worker has claimed it.
    public let attempt: Int32
    /// The login of the user who entered the version.
    public let enteredBy: String
    /// The user who entered the version.
    public let enteredByNo: String

    /// For a `from applications a join application_versions v …, users u`.
    static let columns = """
        a.application_no, a.kind, a.parent_no, a.name, a.short_name, a.login, a.status, a.step,
        a.version, a.blacklist, a.blacklist_at, a.refusal, a.refused_fields, a.refused_reasons,
        a.party_no, a.channel_merchant_no, a.entered_at, a.changed_at, a.next_attempt_at, a.attempt,
        u.login, v.entered_by
        """

    static let tables = """
        applications a
        join application_versions v on v.application_no = a.application_no and v.version = a.version
        join users u on u.user_no = v.entered_by
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> ApplicationRow {
        let (fields, reasons) = (try row.textArray(12), try row.textArray(13))
        return ApplicationRow(
            applicationNo: try row.text(0), kind: try row.word(1), parentNo: try row.text(2),
            name: try row.text(3), shortName: try row.text(4), login: try row.text(5),
            status: try row.word(6), step: try row.wordOrNull(7), version: try row.int32(8),
            blacklist: try row.wordOrNull(9), blacklistAt: try row.timeOrNull(10),
            refusal: try row.textOrNull(11),
            refusedFields: zip(fields, reasons).map {
                FieldProblem(ApplicationField(rawValue: $0) ?? .name, $1)
            },
            partyNo: try row.textOrNull(14), channelMerchantNo: try row.textOrNull(15),
            enteredAt: try row.time(16), changedAt: try row.time(17),
            nextAttemptAt: try row.timeOrNull(18), attempt: try row.int32(19),
            enteredBy: try row.text(20), enteredByNo: try row.text(21))
    }
}

extension PostgresRow {
    /// A value of an enumeration whose raw values are the column's.
    func word<Word: RawRepresentable<String>>(_ column: Int) throws(PostgresError) -> Word {
        let text = try text(column)
        guard let word = Word(rawValue: text) else {
            throw PostgresError.decoding("'\(text)' is not a \(Word.self)")
        }
        return word
    }

    /// The same for a column that may be null.
    func wordOrNull<Word: RawRepresentable<String>>(_ column: Int) throws(PostgresError) -> Word? {
        guard try textOrNull(column) != nil else { return nil }
        return try word(column) as Word
    }
}

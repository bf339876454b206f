public import Payments
public import Postgres

/// Makes applications due for the onboarding worker, where they are to be checked and aren't yet.
public struct ScheduleApplications: PostgresStatement {
    let applicationNos: [String]
    let now: Timestamp

    /// A row for each number that exists, due or not.
    public init(_ applicationNos: [String], now: Timestamp) {
        self.applicationNos = applicationNos
        self.now = now
    }

    public static let sql = """
        with due as (
            update applications set next_attempt_at = $2
            where application_no = any($1) and status = 'checking' and next_attempt_at is null
        )
        select application_no from applications where application_no = any($1)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNos)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Leases applications whose next step is due.
public struct ClaimApplications: PostgresStatement {
    /// A leased application.
    public struct Row: Sendable {
        /// Its number.
        public let applicationNo: String
        /// The version of its form.
        public let version: Int32
        /// What is to be done.
        public let step: OnboardingStep
        /// The attempt's number since the step began, from 1.
        public let attempt: Int32
        /// The party that it will be below.
        public let parentNo: String

        /// A leased application by its parts.
        public init(
            applicationNo: String, version: Int32, step: OnboardingStep, attempt: Int32,
            parentNo: String
        ) {
            self.applicationNo = applicationNo
            self.version = version
            self.step = step
            self.attempt = attempt
            self.parentNo = parentNo
        }
    }

    let limit: Int32
    let now: Timestamp

    /// Applications due at `now`.
    public init(limit: Int, now: Timestamp) {
        self.limit = Int32(limit)
        self.now = now
    }

    public static let sql = Lease.applications.claim(
        returning: "t.application_no, t.version, t.step, t.attempt, t.parent_no")

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(now)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            applicationNo: try row.text(0), version: try row.int32(1), step: try row.word(2),
            attempt: try row.int32(3), parentNo: try row.text(4))
    }
}

/// What a step of an application found, to be stored if its lease is still the current one.
public struct StepOutcome: Sendable, Equatable {
    /// Where the application goes; `nil` where the same step is done again.
    public var move: ApplicationMove?
    /// What the channel answered, for people; no personal data.
    public var answer: String
    /// The blacklist's answer, where this step queried it.
    public var blacklist: BlacklistResult?
    /// The channel's number of the merchant, once it has one.
    public var channelMerchantNo: String?

    /// A step's outcome.
    public init(
        _ move: ApplicationMove?, answer: String, blacklist: BlacklistResult? = nil,
        channelMerchantNo: String? = nil
    ) {
        self.move = move
        self.answer = PrintableText.of(answer, maximum: 300)
        self.blacklist = blacklist
        self.channelMerchantNo = channelMerchantNo
    }
}

/// Ends the lease of a step, and logs it. A row if the lease was still the current one; else
/// nothing is stored.
public struct CompleteApplicationStep: PostgresStatement {
    let job: ClaimApplications.Row
    let outcome: StepOutcome
    let nextAt: Timestamp
    let now: Timestamp

    /// - Parameter nextAt: when the same step is done again, where the application doesn't move.
    public init(
        _ job: ClaimApplications.Row, _ outcome: StepOutcome, nextAt: Timestamp, now: Timestamp
    ) {
        self.job = job
        self.outcome = outcome
        self.nextAt = nextAt
        self.now = now
    }

    public static let sql = """
        with held as (
            update applications set \(Lease.applications.release), next_attempt_at = $5,
                blacklist = coalesce($6, blacklist),
                blacklist_at = case when $6 is null then blacklist_at else $7 end,
                channel_merchant_no = coalesce($8, channel_merchant_no)
            where \(Lease.applications.isHeld) and version = $3 and step = $4
            returning application_no
        ), logged as (
            insert into application_steps (application_no, version, step, answer, at)
            select application_no, $3, $4, $9, $7 from held
        )
        select application_no from held
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(job.applicationNo)
        bindings.append(job.attempt)
        bindings.append(job.version)
        bindings.append(job.step.rawValue)
        bindings.append(nextAt)
        bindings.append(outcome.blacklist?.rawValue)
        bindings.append(now)
        bindings.append(outcome.channelMerchantNo)
        bindings.append(outcome.answer)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Stores the channel's number of an image that was uploaded.
public struct SetChannelImageNo: PostgresStatement {
    let job: ClaimApplications.Row
    let kind: DocumentKind
    let channelImageNo: String

    /// The image of the version that the job is about.
    public init(_ job: ClaimApplications.Row, _ kind: DocumentKind, channelImageNo: String) {
        self.job = job
        self.kind = kind
        self.channelImageNo = channelImageNo
    }

    public static let sql = """
        update application_images set channel_image_no = $4
        where application_no = $1 and version = $2 and kind = $3
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(job.applicationNo)
        bindings.append(job.version)
        bindings.append(kind.rawValue)
        bindings.append(channelImageNo)
    }
}

/// Records the channel's number of a merchant.
struct SetChannelMerchantNo: PostgresStatement {
    let partyNo: String
    let channelMerchantNo: String

    static let sql = "update parties set channel_merchant_no = $2 where party_no = $1"

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(channelMerchantNo)
    }
}

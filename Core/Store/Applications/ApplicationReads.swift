public import Payments
public import Postgres

/// An application by its number.
public struct ApplicationByNo: PostgresStatement {
    let applicationNo: String

    /// No row for an unknown number.
    public init(_ applicationNo: String) { self.applicationNo = applicationNo }

    public static let sql = """
        select \(ApplicationRow.columns) from \(ApplicationRow.tables) where a.application_no = $1
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(applicationNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> ApplicationRow {
        try ApplicationRow.decode(row)
    }
}

/// The same, locked until the transaction ends: who decides, enters or activates meanwhile waits.
public struct LockApplication: PostgresStatement {
    let applicationNo: String

    /// No row for an unknown number.
    public init(_ applicationNo: String) { self.applicationNo = applicationNo }

    public static let sql = """
        select \(ApplicationRow.columns) from \(ApplicationRow.tables)
        where a.application_no = $1 for update of a
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(applicationNo) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> ApplicationRow {
        try ApplicationRow.decode(row)
    }
}

/// Applications, the newest first, a page at a time.
public struct ApplicationList: PostgresStatement {
    let status: String?
    let kind: String?
    let root: String?
    let before: String?
    let limit: Int32

    /// - Parameters:
    ///   - root: only those below this party, itself included; `nil` for all.
    ///   - before: the last number of the page before.
    public init(
        status: ApplicationStatus? = nil, kind: ApplicationKind? = nil, root: String? = nil,
        before: String? = nil, limit: Int
    ) {
        self.status = status?.rawValue
        self.kind = kind?.rawValue
        self.root = root
        self.before = before
        self.limit = Int32(limit)
    }

    public static let sql = """
        with recursive subtree as (
            select party_no from parties where party_no = $3
            union
            select p.party_no from parties p join subtree s on p.parent_no = s.party_no
        )
        select \(ApplicationRow.columns) from \(ApplicationRow.tables)
        where ($1::text is null or a.status = $1) and ($2::text is null or a.kind = $2)
            and ($3::text is null or a.parent_no in (select party_no from subtree))
            and ($4::text is null or a.application_no < $4)
        order by a.application_no desc limit $5
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(status)
        bindings.append(kind)
        bindings.append(root)
        bindings.append(before)
        bindings.append(limit)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> ApplicationRow {
        try ApplicationRow.decode(row)
    }
}

/// The sealed form of a version.
public struct ApplicationFormOf: PostgresStatement {
    let applicationNo: String
    let version: Int32

    /// A version of an application.
    public init(_ applicationNo: String, version: Int32) {
        self.applicationNo = applicationNo
        self.version = version
    }

    public static let sql = """
        select form_sealed from application_versions where application_no = $1 and version = $2
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(version)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> [UInt8] {
        try row.bytes(0)
    }
}

/// The sealed images of a version, by their kind.
public struct ApplicationImagesOf: PostgresStatement {
    /// An image.
    public struct Row: Sendable {
        /// The document.
        public let kind: DocumentKind
        /// The file's bytes, sealed; empty where they weren't read.
        public let contentSealed: [UInt8]
        /// The channel's number of the image, once it was uploaded.
        public let channelImageNo: String?
    }

    let applicationNo: String
    let version: Int32

    let readsContent: Bool

    /// - Parameter readsContent: whether the files are read too, which are up to 2 MiB each.
    public init(_ applicationNo: String, version: Int32, readsContent: Bool) {
        self.applicationNo = applicationNo
        self.version = version
        self.readsContent = readsContent
    }

    public static let sql = """
        select kind, case when $3 then content_sealed else '' end, channel_image_no
        from application_images where application_no = $1 and version = $2 order by kind
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(applicationNo)
        bindings.append(version)
        bindings.append(readsContent)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            kind: try row.word(0), contentSealed: try row.bytes(1),
            channelImageNo: try row.textOrNull(2))
    }
}

/// What has happened to an application, the oldest first: versions, the channel's answers,
/// decisions.
public struct ApplicationHistory: PostgresStatement {
    /// Something that happened.
    public struct Row: Sendable {
        /// When.
        public let at: Timestamp
        /// `entered`, `approved`, `refused`, or the step at the channel.
        public let what: String
        /// Who, or what the channel answered.
        public let detail: String
        /// The version that it is about.
        public let version: Int32
    }

    let applicationNo: String

    /// All versions of an application.
    public init(_ applicationNo: String) { self.applicationNo = applicationNo }

    public static let sql = """
        select at, what, detail, version from (
            select v.entered_at as at, 'entered' as what, 'by ' || u.login as detail, v.version,
                0::bigint as place
            from application_versions v join users u on u.user_no = v.entered_by
            where v.application_no = $1
            union all
            select d.decided_at, case when d.is_approved then 'approved' else 'refused' end,
                concat_ws(': ', 'by ' || u.login, nullif(d.note, '')), d.version, 1
            from application_decisions d join users u on u.user_no = d.decided_by
            where d.application_no = $1
            union all
            select s.at, s.step, s.answer, s.version, 2 + s.step_no from application_steps s
            where s.application_no = $1
        ) h order by at, place
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(applicationNo) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            at: try row.time(0), what: try row.text(1), detail: try row.text(2),
            version: try row.int32(3))
    }
}

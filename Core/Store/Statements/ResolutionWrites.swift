public import Payments
public import Postgres

/// Stores a decision on a difference.
public struct InsertResolution: PostgresStatement {
    let differenceID: Int64
    let resolution: DifferenceResolution
    let reason: DifferenceResolution.Reason
    let comment: String
    let limit: Money
    let isApplied: Bool
    let user: User
    let now: Timestamp

    /// - Parameters:
    ///   - limit: above it a second person approves.
    ///   - isApplied: whether it applies at once.
    ///   - user: who makes it.
    public init(
        _ resolution: DifferenceResolution, of differenceID: Int64,
        reason: DifferenceResolution.Reason, comment: String, limit: Money, isApplied: Bool,
        user: User, now: Timestamp
    ) {
        self.differenceID = differenceID
        self.resolution = resolution
        self.reason = reason
        self.comment = comment
        self.limit = limit
        self.isApplied = isApplied
        self.user = user
        self.now = now
    }

    public static let sql = """
        with made as (
            insert into difference_resolutions (difference_id, action, reason, comment, stake_fen,
                adjustment_fen, limit_fen, made_by, made_at, status)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        )
        insert into audit_log (actor, action, subject, detail, at)
        values ($11, 'difference.resolve', $1::text,
            $10 || ': ' || $2 || ', ' || $3 || ', ' || $5 || ' fen at stake, ' || $6
                || ' fen booked', $9)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(differenceID)
        bindings.append(resolution.action.rawValue)
        bindings.append(reason.rawValue)
        bindings.append(comment)
        bindings.append(resolution.stake)
        bindings.append(resolution.adjustment)
        bindings.append(limit)
        bindings.append(user.userNo)
        bindings.append(now)
        bindings.append(isApplied ? "applied" : "proposed")
        bindings.append(user.login)
    }
}

/// Approves or refuses a decision that waits. No row where it doesn't wait, or where the user made
/// it.
public struct DecideResolution: PostgresStatement {
    let id: Int64
    let differenceID: Int64
    let isApproved: Bool
    let note: String
    let user: User
    let now: Timestamp

    /// - Parameters:
    ///   - note: for the audit log; may be empty.
    ///   - user: not the one who made it.
    public init(
        _ decision: DifferenceDecision, of differenceID: Int64, isApproved: Bool, note: String,
        user: User, now: Timestamp
    ) {
        id = decision.id
        self.differenceID = differenceID
        self.isApproved = isApproved
        self.note = note
        self.user = user
        self.now = now
    }

    public static let sql = """
        with decided as (
            update difference_resolutions set status = $3, decided_by = $4, decided_at = $5
            where resolution_id = $1 and status = 'proposed' and made_by <> $4
            returning resolution_id
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $6, 'difference.' || case $3 when 'applied' then 'approve' else 'refuse' end,
                $2::text, $7, $5 from decided
        )
        select resolution_id from decided
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(id)
        bindings.append(differenceID)
        bindings.append(isApproved ? "applied" : "refused")
        bindings.append(user.userNo)
        bindings.append(now)
        bindings.append(user.login)
        bindings.append(note)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

/// Ends a difference by a person's decision; an accepted line is matched with its order or refund.
public struct ApplyResolution: PostgresStatement {
    let differenceID: Int64
    let matches: Bool
    let text: String
    let now: Timestamp

    /// - Parameters:
    ///   - matches: whether the order or refund is to be settled now.
    ///   - text: who decided what, and why.
    public init(_ differenceID: Int64, matches: Bool, text: String, now: Timestamp) {
        self.differenceID = differenceID
        self.matches = matches
        self.text = text
        self.now = now
    }

    public static let sql = """
        with closed as (
            update differences set status = 'resolved', resolution = $3, resolved_at = $4
            where difference_id = $1 returning *
        ), trade as (
            update orders o set matched_statement_id = c.statement_id, matched_day = c.day
            from closed c
            where $2 and c.line_kind = 'trade' and o.order_no = c.order_no
                and o.matched_day is null and o.paid_at is not null
        )
        update refunds r set matched_statement_id = c.statement_id, matched_day = c.day
        from closed c
        where $2 and c.line_kind = 'refund' and r.order_no = c.order_no
            and r.refund_no = c.refund_no and r.matched_day is null and r.status = 'succeeded'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(differenceID)
        bindings.append(matches)
        bindings.append(text)
        bindings.append(now)
    }
}

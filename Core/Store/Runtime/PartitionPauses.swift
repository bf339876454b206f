public import Payments
public import Postgres

/// Why a worker doesn't read a partition until an operator releases it.
public enum PauseReason: String, Sendable, CaseIterable {
    /// More consecutive records became dead letters than the limit allows.
    case poisonLimit = "poison_limit"
    /// The topic doesn't have the stored offset: retention has deleted its record, or the log has
    /// lost its end.
    case offsetGone = "offset_gone"
    /// The topic was deleted and made anew since the offset was stored.
    case topicReplaced = "topic_replaced"
}

extension PostgresRow {
    func pauseReason(_ column: Int) throws(PostgresError) -> PauseReason? {
        guard let text = try textOrNull(column) else { return nil }
        guard let reason = PauseReason(rawValue: text) else {
            throw PostgresError.decoding("'\(text)' is not a reason of a pause")
        }
        return reason
    }
}

/// Pauses partitions whose stored offset is still the one given; a row for each that was paused.
/// One that is paused already keeps its reason.
public struct PausePartitions: PostgresStatement {
    /// One partition's pause.
    public struct Pause: Sendable, Equatable {
        /// The topic.
        public let topic: String
        /// The partition.
        public let partition: Int32
        /// The stored offset that the worker has seen.
        public let offset: Int64
        /// Why.
        public let reason: PauseReason
        /// What was found, for operators.
        public let detail: String

        /// A pause of a partition at its stored offset.
        public init(
            topic: String, partition: Int32, offset: Int64, reason: PauseReason, detail: String
        ) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
            self.reason = reason
            self.detail = detail.storable(bytes: 1_000)
        }
    }

    let worker: String
    let pauses: [Pause]

    /// - Parameter pauses: a partition at most once.
    public init(worker: String, pauses: [Pause]) {
        self.worker = worker
        self.pauses = pauses
    }

    public static let sql = """
        update consumer_offsets as o set paused_reason = n.reason, paused_detail = n.detail,
            paused_at = clock_timestamp()
        from unnest($2::text[], $3::int[], $4::bigint[], $5::text[], $6::text[])
            as n (topic, partition, seen, reason, detail)
        where o.worker = $1 and o.topic = n.topic and o.partition = n.partition
            and o.next_offset = n.seen and o.paused_reason is null
        returning o.partition
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(pauses.map(\.topic))
        bindings.append(pauses.map(\.partition))
        bindings.append(pauses.map(\.offset))
        bindings.append(pauses.map(\.reason.rawValue))
        bindings.append(pauses.map(\.detail))
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 {
        try row.int32(0)
    }
}

/// Records the id of the topic that stored offsets count in, where it isn't known yet or nothing of
/// the topic has been read.
public struct StoreTopicIDs: PostgresStatement {
    let worker: String
    let topics: [String]
    let ids: [String]

    /// `topics` and `ids` are parallel.
    public init(worker: String, topics: [String], ids: [String]) {
        self.worker = worker
        self.topics = topics
        self.ids = ids
    }

    public static let sql = """
        update consumer_offsets as o set topic_id = n.id
        from unnest($2::text[], $3::text[]) as n (topic, id)
        where o.worker = $1 and o.topic = n.topic and o.topic_id is distinct from n.id
            and (o.topic_id is null or o.next_offset = 0)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(topics)
        bindings.append(ids)
    }
}

/// Partitions that workers don't read until an operator releases them.
public struct PausedPartitions: PostgresStatement {
    /// One partition of one worker.
    public struct Row: Sendable, Equatable {
        /// The worker's name.
        public let worker: String
        /// The topic.
        public let topic: String
        /// The partition.
        public let partition: Int32
        /// The stored offset.
        public let nextOffset: Int64
        /// Why it is paused.
        public let reason: PauseReason
        /// What was found.
        public let detail: String
        /// Since when, in real time.
        public let pausedAt: Timestamp
    }

    let worker: String?

    /// - Parameter worker: `nil` for every worker.
    public init(worker: String? = nil) { self.worker = worker }

    public static let sql = """
        select worker, topic, partition, next_offset, paused_reason, paused_detail, paused_at
        from consumer_offsets
        where ($1::text is null or worker = $1) and paused_reason is not null
        order by worker, topic, partition
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(worker) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        guard let reason = try row.pauseReason(4) else {
            throw PostgresError.decoding("a paused partition without a reason")
        }
        return Row(
            worker: try row.text(0), topic: try row.text(1), partition: try row.int32(2),
            nextOffset: try row.int64(3), reason: reason,
            detail: try row.textOrNull(5) ?? "", pausedAt: try row.time(6))
    }
}

/// Ends a partition's pause and logs the operator; no row where it isn't paused any more.
public struct ReleasePartition: PostgresStatement {
    let worker: String
    let topic: String
    let partition: Int32
    let allowed: Int
    let offset: Int64?
    let actor: String
    let now: Timestamp

    /// - Parameters:
    ///   - allowed: how many dead letters in a row are allowed beyond the limit.
    ///   - offset: where the worker goes on; `nil` for the stored offset.
    ///   - actor: the operator, for the audit log.
    public init(
        worker: String, topic: String, partition: Int32, allowed: Int = 0, offset: Int64? = nil,
        actor: String, now: Timestamp
    ) {
        self.worker = worker
        self.topic = topic
        self.partition = partition
        self.allowed = allowed
        self.offset = offset
        self.actor = actor
        self.now = now
    }

    // Another offset may count in another topic of the name: its id is looked up again.
    public static let sql = """
        with paused as (
            select * from consumer_offsets
            where worker = $1 and topic = $2 and partition = $3 and paused_reason is not null
            for update
        ), released as (
            update consumer_offsets as o set paused_reason = null, paused_detail = null,
                paused_at = null, poison_run = -$4::int,
                next_offset = coalesce($5::bigint, o.next_offset),
                topic_id = case when $5::bigint is null then o.topic_id end,
                leader_epoch = case when $5::bigint is null then o.leader_epoch end,
                updated_at = clock_timestamp()
            from paused as p
            where (o.worker, o.topic, o.partition) = (p.worker, p.topic, p.partition)
            returning o.next_offset
        ), logged as (
            insert into audit_log (actor, action, subject, detail, at)
            select $6, 'partition.release', worker || ' ' || topic || '/' || partition,
                paused_reason || ' at offset ' || next_offset || ', continues at offset '
                    || coalesce($5::bigint, next_offset) || ', ' || $4::int
                    || ' dead letters allowed beyond the limit', $7
            from paused
        )
        select next_offset from released
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(worker)
        bindings.append(topic)
        bindings.append(partition)
        bindings.append(Int32(clamping: allowed))
        bindings.append(offset)
        bindings.append(actor)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

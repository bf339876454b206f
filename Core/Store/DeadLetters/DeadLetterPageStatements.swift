import Postgres

/// A page of all dead letters of a status.
struct DeadLettersOfStatus: PostgresStatement {
    let page: DeadLetterPage

    static let sql = """
        select \(DeadLetterLine.columns) from dead_letters d
        where status = $1 and (created_at, dead_letter_id) > ($2, $3)
        order by created_at, dead_letter_id limit $4
        """

    func bind(_ bindings: inout PostgresBindings) { page.bind(&bindings) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

/// A page of the dead letters of a topic, of reasons, or of both.
struct DeadLettersOfKind: PostgresStatement {
    let page: DeadLetterPage

    // A skip scan finds the existing pairs of topic and reason; each pair's rows come from the
    // index in order, at most a page of them.
    static let sql = """
        with recursive kinds as (
            (select origin_topic, reason from dead_letters where status = $1
             order by origin_topic, reason limit 1)
            union all
            select n.origin_topic, n.reason from kinds k cross join lateral (
                select origin_topic, reason from dead_letters
                where status = $1 and (origin_topic, reason) > (k.origin_topic, k.reason)
                order by origin_topic, reason limit 1) n
        )
        select \(DeadLetterLine.columns)
        from kinds k cross join lateral (
            select * from dead_letters l
            where l.status = $1 and l.origin_topic = k.origin_topic and l.reason = k.reason
                and (l.created_at, l.dead_letter_id) > ($2, $3)
            order by l.created_at, l.dead_letter_id limit $4) d
        where ($5::text is null or k.origin_topic = $5)
            and (cardinality($6::text[]) = 0 or k.reason = any($6))
        order by d.created_at, d.dead_letter_id limit $4
        """

    func bind(_ bindings: inout PostgresBindings) {
        page.bind(&bindings)
        bindings.append(page.filter.topic)
        bindings.append(page.filter.reasons)
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

/// A page of the dead letters of a key.
struct DeadLettersOfKey: PostgresStatement {
    let page: DeadLetterPage
    let key: [UInt8]

    static let sql = """
        select \(DeadLetterLine.columns) from dead_letters d
        where status = $1 and sha256(record_key) = sha256($5::bytea) and record_key = $5
            and (created_at, dead_letter_id) > ($2, $3)
            and ($6::text is null or origin_topic = $6)
            and (cardinality($7::text[]) = 0 or reason = any($7))
        order by created_at, dead_letter_id limit $4
        """

    func bind(_ bindings: inout PostgresBindings) {
        page.bind(&bindings)
        bindings.append(key)
        bindings.append(page.filter.topic)
        bindings.append(page.filter.reasons)
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> DeadLetterLine {
        try DeadLetterLine.decode(row)
    }
}

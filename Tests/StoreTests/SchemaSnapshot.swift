import Postgres

/// The schema of a database as text, read from the catalog: functions, tables with their
/// constraints, indexes and triggers, views; each sorted by name. The same on PostgreSQL 14 to 17.
struct SchemaSnapshot {
    let connection: PostgresConnection

    func text() async throws -> String {
        var text = Self.head
        for sql in [Self.functions, Self.tables, Self.views] {
            for object in try await connection.texts(sql) { text += "\n\(object)\n" }
        }
        return text
    }

    private static let head = """
        -- The schema of a database with every migration of this build applied. For reading and for
        -- reviews: scripts/schema-snapshot writes it, SchemaSnapshotTests compares it, and only the
        -- migrations of Core/Store change a database.

        """

    private static let functions = """
        select replace(rtrim(pg_get_functiondef(oid), E'\\n'), 'public.', '') || ';'
        from pg_proc where pronamespace = 'public'::regnamespace order by proname
        """

    // Before PostgreSQL 16 a view's columns are qualified also where one table is read.
    private static let views = """
        select 'create view ' || relname || ' as' || E'\\n'
            || regexp_replace(pg_get_viewdef(oid, true), '\\m[a-z_]+\\.(?=[a-z_])', '', 'g')
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'
        order by relname
        """

    // Constraints of 'not null' are in the catalog since PostgreSQL 18: they are the columns'.
    private static let tables = """
        select 'create table ' || c.relname || E' (\\n' || (
            select string_agg('    ' || line, E',\\n' order by kind, place, line collate "C")
            from (
                select 1 as kind, attnum as place, attname || ' '
                    || format_type(atttypid, atttypmod)
                    || case attidentity when 'a' then ' generated always as identity' else '' end
                    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
                    || case when attnotnull then ' not null' else '' end
                    || case when attstorage = typstorage then '' else case attstorage
                        when 'p' then ' storage plain' when 'e' then ' storage external'
                        when 'm' then ' storage main' else ' storage extended' end end
                    as line
                from pg_attribute a join pg_type t on t.oid = a.atttypid
                    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where a.attrelid = c.oid and attnum > 0 and not attisdropped
                union all
                select 2, 0, 'constraint ' || conname || ' ' || pg_get_constraintdef(oid)
                from pg_constraint
                where conrelid = c.oid and contype in ('p', 'u', 'f', 'c')
            ) as lines) || E'\\n);' || coalesce((
            select string_agg(E'\\n' || replace(pg_get_indexdef(indexrelid), 'public.', '') || ';',
                '' order by indexrelid::regclass::text collate "C")
            from pg_index i where i.indrelid = c.oid and not exists (
                select from pg_constraint where conindid = i.indexrelid and conrelid = c.oid)
            ), '') || coalesce((
            select string_agg(E'\\n' || pg_get_triggerdef(oid, true) || ';', '' order by tgname)
            from pg_trigger where tgrelid = c.oid and not tgisinternal), '')
        from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'
        order by c.relname
        """
}

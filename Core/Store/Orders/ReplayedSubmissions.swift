public import Events
import Foundation
public import Postgres

/// Which records are dead letters that an operator replayed, unchanged: by the identity in their
/// header and their value. A header alone proves nothing; any producer can write one.
public struct ReplayedSubmissions: PostgresStatement {
    let ids: [EventID]
    let values: [[UInt8]]

    /// - Parameter records: the identity that each claims, and its value.
    public init(_ records: [(id: EventID, value: [UInt8])]) {
        ids = records.map(\.id)
        values = records.map(\.value)
    }

    public static let sql = """
        select d.dead_letter_id
        from unnest($1::uuid[], $2::bytea[]) as n (id, value)
        join dead_letters d on d.dead_letter_id = n.id and d.record_value = n.value
        where d.status = 'replayed' and d.origin_topic = 'orders.submitted'
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(ids.map(\.uuid))
        bindings.append(values)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> EventID {
        EventID(try row.uuid(0))
    }
}

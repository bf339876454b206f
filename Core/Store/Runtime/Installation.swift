public import Postgres

/// A mark of this database, for example that of a played day; no row where it isn't set.
public struct InstallationFact: PostgresStatement {
    let name: String

    /// - Parameter name: ``playClock`` or ``faults``.
    public init(name: String) { self.name = name }

    /// The name of the play mark; its value is the clock file of a played day.
    public static let playClock = "play_clock"

    /// The name of the fault mark; set in a database whose workers may be set to crash.
    public static let faults = "faults"

    public static let sql = "select value from installation where name = $1"
    public func bind(_ bindings: inout PostgresBindings) { bindings.append(name) }
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Sets a named fact of this database, or replaces its value.
public struct SetInstallationFact: PostgresStatement {
    let name: String
    let value: String

    /// - Parameter name: ``InstallationFact/playClock`` or ``InstallationFact/faults``.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    public static let sql = """
        insert into installation (name, value) values ($1, $2)
        on conflict (name) do update set value = excluded.value
        """
    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(name)
        bindings.append(value)
    }

}

import Composition
import Postgres
import Store

/// The master key of a command that seals something.
enum CommandSealer {
    /// The settings' sealer, if it is the database's own: what is sealed under another key could
    /// never be opened.
    /// - Throws: `CommandError` where it is another one.
    static func checked(_ global: GlobalOptions) async throws -> Sealer {
        let settings = try await global.settings()
        let sealer = try settings.sealer()
        let connection = try await CommandDatabase.connect(settings, name: "sealer")
        let isRight: Bool
        do {
            isRight = try await MasterKeyCanary.opens(with: sealer, on: connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        guard isRight else {
            throw CommandError(
                "TALLY_MASTER_KEY is not the key that this database's secrets are sealed under; "
                    + "nothing was changed")
        }
        return sealer
    }
}

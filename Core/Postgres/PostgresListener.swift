import Foundation
public import Logging
import Synchronization

/// Listens to channels (`LISTEN`/`NOTIFY`) on a connection and a thread of its own.
///
/// It connects again by itself when the connection breaks; each stream then gets a notification
/// with `isGap`, for what may have been missed. Ends with its last reference, or by `close`.
public final class PostgresListener: Sendable {
    private let board: ListenerBoard

    /// A listener; connects in the background, so that a server that is away only delays it.
    /// - Parameters:
    ///   - url: as `PostgresConnection.connect` takes it.
    ///   - applicationName: what `pg_stat_activity` shows.
    ///   - logger: hears of lost connections.
    public init(
        url: String, applicationName: String = "tallyhouse", logger: Logger
    ) throws(PostgresError) {
        let board = try ListenerBoard()
        self.board = board
        let code = startThread(stackBytes: 1 << 20) {
            var loop = ListenerLoop(
                board: board, url: url, applicationName: applicationName, logger: logger)
            loop.run()
        }
        guard code == 0 else {
            throw PostgresError(.connection("no thread for the listener: error \(code)"))
        }
    }

    deinit { board.stop() }

    /// Listens to a channel. When this returns, what is notified from then on will be heard. The
    /// stream keeps the newest 1,024 notifications unread; it ends when the listener closes.
    public func listen(
        _ channel: String
    ) async throws(PostgresError) -> AsyncStream<PostgresNotification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotification.self, bufferingPolicy: .bufferingNewest(1_024))
        let result = await withCheckedContinuation { waiter in
            board.subscribe(channel, continuation, waiter)
        }
        try result.get()
        return stream
    }

    /// Stops listening and ends every stream. Idempotent.
    public func close() { board.stop() }
}

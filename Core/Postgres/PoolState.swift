/// The state machine of a pool: events in, actions out, no I/O.
///
/// Requests are served in order of arrival. A connection is opened only when a request finds none
/// idle and fewer than `size` exist.
struct PoolState<Connection: AnyObject> {
    /// A request's place in the queue.
    typealias Request = UInt64

    enum Action {
        /// Pass the connection to the request, which has left the queue.
        case assign(Connection, Request)
        /// Open a connection, with the pause after so many failures in a row, and report `opened`
        /// or `openFailed`.
        case open(afterFailures: Int)
        /// Close the connection.
        case close(Connection)
        /// Fail the request: the pool is closed.
        case refuse(Request)
        /// Every connection is closed: resume those that wait for it.
        case finished
    }

    let size: Int
    private var idle: [Connection] = []
    private var used = 0
    private var opening = 0
    private var failures = 0
    private var queue: [Request] = []
    private(set) var isClosing = false

    init(size: Int) {
        self.size = max(1, size)
    }

    var counts: PostgresPoolCounts {
        .init(idle: idle.count, used: used, opening: opening, waiting: queue.count)
    }

    mutating func request(_ request: Request) -> [Action] {
        if isClosing { return [.refuse(request)] }
        queue.append(request)
        return serve()
    }

    /// A request was cancelled or timed out. `false`: it was served before.
    mutating func withdraw(_ request: Request) -> Bool {
        guard let index = queue.firstIndex(of: request) else { return false }
        queue.remove(at: index)
        return true
    }

    mutating func opened(_ connection: Connection) -> [Action] {
        opening -= 1
        failures = 0
        if isClosing { return [.close(connection)] + finishedIfEmpty() }
        idle.append(connection)
        return serve()
    }

    mutating func openFailed() -> [Action] {
        opening -= 1
        failures += 1
        if isClosing { return finishedIfEmpty() }
        return serve()
    }

    /// A borrowed connection was returned.
    mutating func returned(_ connection: Connection, isHealthy: Bool) -> [Action] {
        used -= 1
        if isClosing { return [.close(connection)] + finishedIfEmpty() }
        guard isHealthy else { return [.close(connection)] + serve() }
        idle.append(connection)
        return serve()
    }

    mutating func close() -> [Action] {
        if isClosing { return finishedIfEmpty() }
        isClosing = true
        let actions = queue.map(Action.refuse) + idle.map(Action.close)
        queue = []
        idle = []
        return actions + finishedIfEmpty()
    }

    private mutating func serve() -> [Action] {
        var actions: [Action] = []
        while !queue.isEmpty, let connection = idle.popLast() {
            used += 1
            actions.append(.assign(connection, queue.removeFirst()))
        }
        // While the server is unavailable one attempt at a time is enough.
        let limit = failures > 0 ? 1 : size
        while queue.count > opening, opening < limit, used + idle.count + opening < size {
            opening += 1
            actions.append(.open(afterFailures: failures))
        }
        return actions
    }

    private func finishedIfEmpty() -> [Action] {
        used == 0 && opening == 0 ? [.finished] : []
    }
}

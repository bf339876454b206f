import CLibPQ
import Foundation
import Logging

/// What a listener's thread does: connect, listen, wait for the socket, deliver; again.
struct ListenerLoop {
    let board: ListenerBoard
    let url: String
    let applicationName: String
    let logger: Logger

    private var handle: ConnectionHandle?
    private var listening: Set<String> = []
    private var failures = 0
    private var wasConnected = false

    init(board: ListenerBoard, url: String, applicationName: String, logger: Logger) {
        self.board = board
        self.url = url
        self.applicationName = applicationName
        self.logger = logger
    }

    mutating func run() {
        while !board.isStopped {
            do throws(PostgresError) {
                let handle = try connected()
                try updateChannels(handle)
                deliver(handle)
                wait(for: PQsocket(handle.pointer), milliseconds: -1)
                if PQconsumeInput(handle.pointer) == 0 { throw handle.lastError }
                deliver(handle)
            } catch {
                logger.warning("listener disconnected", metadata: ["error": "\(error)"])
                handle = nil
                listening = []
                // 50 ms … 3.2 s, cut short by whoever wakes the thread to stop it.
                wait(for: -1, milliseconds: 50 << min(failures, 6))
                failures += 1
            }
        }
        board.finish()
    }

    private mutating func connected() throws(PostgresError) -> ConnectionHandle {
        if let handle { return handle }
        let new = try ConnectionHandle(url: url, applicationName: applicationName, logger: logger)
        handle = new
        return new
    }

    /// Makes the server's list of channels what the board says.
    private mutating func updateChannels(_ handle: ConnectionHandle) throws(PostgresError) {
        board.drainWakes()
        let wanted = board.channels
        for channel in wanted.subtracting(listening) {
            let name = channel.replacingOccurrences(of: "\"", with: "\"\"")
            _ = try handle.executeScript("LISTEN \"\(name)\"", statement: "LISTEN")
        }
        for channel in listening.subtracting(wanted) {
            let name = channel.replacingOccurrences(of: "\"", with: "\"\"")
            _ = try handle.executeScript("UNLISTEN \"\(name)\"", statement: "UNLISTEN")
        }
        let isBack = wasConnected && listening.isEmpty && failures > 0
        listening = wanted
        failures = 0
        wasConnected = true
        board.confirm(wanted)
        if isBack {
            for channel in wanted {
                board.deliver(.init(channel: channel, payload: "", isGap: true))
            }
        }
    }

    private func deliver(_ handle: ConnectionHandle) {
        while let notice = PQnotifies(handle.pointer) {
            let notification = PostgresNotification(
                channel: String(cString: notice.pointee.relname),
                payload: String(cString: notice.pointee.extra), isGap: false)
            PQfreemem(notice)
            board.deliver(notification)
        }
    }

    /// Until the socket or the board has something, or time is up.
    private func wait(for socket: Int32, milliseconds: Int32) {
        var entries = [
            pollfd(fd: board.wakeReader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&entries, nfds_t(entries.count), milliseconds)
    }
}

import Channels
import Synchronization

/// A network that fails as it is set to, once.
final class FaultyTransport: ChannelTransport {
    enum Fault: CaseIterable, Sendable {
        /// The request is lost: nothing is done.
        case lostRequest
        /// The call takes effect and its answer is lost.
        case lostAnswer
        /// The call takes effect and a proxy answers 502.
        case badGateway
        /// The call takes effect and the answer is not the channel's.
        case garbage
    }

    private let server: any ChannelTransport
    private let fault = Mutex<Fault?>(nil)
    private let replay = Mutex<[UInt8]?>(nil)
    private let last = Mutex<[UInt8]?>(nil)

    init(_ server: any ChannelTransport) { self.server = server }

    func failNext(_ next: Fault) { fault.withLock { $0 = next } }

    /// The body of the server's latest answer.
    var lastAnswer: [UInt8]? { last.withLock { $0 } }

    /// The next call takes effect, and is answered with an earlier or another answer.
    func replayNext(_ body: [UInt8]) { replay.withLock { $0 = body } }

    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer {
        let fault = self.fault.withLock { fault in
            defer { fault = nil }
            return fault
        }
        guard fault != .lostRequest else { throw .unknownOutcome(reason: "no connection") }
        let answer = try await server.send(request)
        last.withLock { $0 = answer.body }
        let replayed = replay.withLock { replay in
            defer { replay = nil }
            return replay
        }
        if let replayed { return TransportAnswer(status: 200, body: replayed) }
        switch fault {
        case nil, .lostRequest: return answer
        case .lostAnswer: throw .unknownOutcome(reason: "time-out")
        case .badGateway: return TransportAnswer(status: 502, body: answer.body)
        case .garbage: return TransportAnswer(status: 200, body: Array("<html>busy</html>".utf8))
        }
    }
}

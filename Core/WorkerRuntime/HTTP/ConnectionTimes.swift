import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request isn't whole in time, that is idle, or whose client doesn't
/// read its response; and one that is over the limit of connections.
///
/// Hummingbird adds it behind the HTTP decoder, which passes a request's head on only when all of
/// it has come: a watch in front of the decoder sees the first byte.
final class ConnectionTimes: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var state: ConnectionState
    private let counts: ConnectionCounts
    private var timer: Scheduled<Void>?
    private var place: ConnectionCounts.Place?

    init(limits: ConnectionLimits, counts: ConnectionCounts) {
        state = ConnectionState(limits: limits, now: .now)
        self.counts = counts
    }

    func handlerAdded(context: ChannelHandlerContext) {
        try? context.pipeline.syncOperations.addHandler(ArrivalWatch(self), position: .first)
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { record { $0.requestEnded(at: .now) } }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = unwrapOutboundIn(data).isEnd
        record { $0.wrote(isEnd: isEnd, at: .now) }
        context.write(data, promise: promise)
    }

    fileprivate func bytesArrived() { record { $0.bytesArrived(at: .now) } }

    private func record(_ step: (inout ConnectionState) -> Void) {
        let before = state.phase
        step(&state)
        if let place, state.phase != before { counts.set(state.phase, of: place) }
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard place == nil else { return }
        let channel = context.channel
        place = counts.enter(from: channel.remoteAddress?.ipAddress) { channel.close(promise: nil) }
        guard place != nil else { return context.close(promise: nil) }
        schedule(context)
    }

    private func end() {
        timer?.cancel()
        timer = nil
        if let place { counts.leave(place) }
        place = nil
    }

    private func schedule(_ context: ChannelHandlerContext) {
        let wait = max(.milliseconds(1), state.deadline - .now)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) {
            guard self.place != nil else { return }
            if self.state.deadline <= .now {
                self.counts.closedLate()
                context.close(promise: nil)
            } else {
                self.schedule(context)
            }
        }
    }
}

/// In front of the HTTP decoder: reports that bytes came.
private final class ArrivalWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let times: ConnectionTimes

    init(_ times: ConnectionTimes) { self.times = times }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        times.bytesArrived()
        context.fireChannelRead(data)
    }
}

extension HTTPResponsePart {
    fileprivate var isEnd: Bool {
        if case .end = self { true } else { false }
    }
}

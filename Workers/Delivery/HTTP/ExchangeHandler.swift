import NIOCore
import NIOHTTP1

/// Sends one request at a time and reads its response whole; closes the connection where anything
/// else comes.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    /// An acknowledgement is seven bytes; a receiver that sends much more isn't acknowledging.
    static let bodyLimit = 4_096
    // Shorter than servers keep an idle connection, so that a request seldom meets one that closes.
    private static let idleTime: TimeAmount = .seconds(4)

    private let bytes: ByteLimit
    private var current: EventLoopPromise<ReceiverReply>?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var idleTimer: Scheduled<Void>?

    init(bytes: ByteLimit) { self.bytes = bytes }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        idleTimer?.cancel()
        guard current == nil, context.channel.isActive else {
            exchange.promise.fail(ExchangeFailure.closed(hasBegun: false))
            promise?.fail(NIOCore.ChannelError.ioOnClosedChannel)
            return
        }
        current = exchange.promise
        head = nil
        body = []
        bytes.reset()
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let part):
            guard body.count + part.readableBytes <= Self.bodyLimit else {
                return fail(
                    .bodyTooLong(status: Int(head?.status.code ?? 0)), closing: context)
            }
            body.append(contentsOf: part.readableBytesView)
        case .end: finish(context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let head, let current else { return context.close(promise: nil) }
        self.current = nil
        if head.isKeepAlive {
            let channel = context.channel
            idleTimer = context.eventLoop.scheduleTask(in: Self.idleTime) {
                channel.close(promise: nil)
            }
        } else {
            context.close(promise: nil)
        }
        current.succeed(ReceiverReply(status: Int(head.status.code), body: body))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset is an end too: whoever closes without having read the request resets.
        let isEnd = error is IOError || error is NIOCore.ChannelError
        current?.fail(isEnd ? ExchangeFailure.closed(hasBegun: bytes.count > 0) : error)
        current = nil
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        idleTimer?.cancel()
        fail(.closed(hasBegun: bytes.count > 0), closing: context)
        context.fireChannelInactive()
    }

    private func fail(_ failure: ExchangeFailure, closing context: ChannelHandlerContext) {
        current?.fail(failure)
        current = nil
        context.close(promise: nil)
    }
}

/// A request, and where its response goes.
struct Exchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer
    let promise: EventLoopPromise<ReceiverReply>
}

import NIOCore

/// Counts the bytes of a response, head and all: a header that never ends is bounded too.
final class ByteLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    static let limit = 32_768
    private(set) var count = 0

    func reset() { count = 0 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count += unwrapInboundIn(data).readableBytes
        guard count <= Self.limit else {
            return context.fireErrorCaught(ExchangeFailure.responseTooLong)
        }
        context.fireChannelRead(data)
    }
}

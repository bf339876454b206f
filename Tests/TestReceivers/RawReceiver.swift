import NIOCore
import NIOPosix
public import NIOSSL
import Synchronization

/// A TCP server on loopback that answers each request with given bytes, whatever HTTP requires.
public final class RawReceiver: Sendable {
    /// What follows a request.
    public enum Answer: Sendable {
        /// These bytes; the connection stays open.
        case bytes(String)
        /// These bytes, then the end of the connection.
        case last(String)
        /// These bytes, then one byte every 20 ms without end.
        case trickle(String)
        /// These bytes, then as many as the connection takes, without end.
        case endless(String)
        /// These bytes to a connection's first request; its second one ends it without a byte.
        case once(String)
        /// These bytes to a connection's first request; its second one resets it.
        case onceThenReset(String)
        /// The connection is reset.
        case reset
    }

    private struct Counts {
        var connections = 0
        var open = 0
        var requests: [String] = []
        var sent = 0
    }

    private let channel: any Channel
    private let counts: Counting

    /// Connections accepted so far.
    public var connections: Int { counts.state.withLock { $0.connections } }
    /// Connections open now.
    public var open: Int { counts.state.withLock { $0.open } }
    /// What was received, a string for each read.
    public var received: String { counts.state.withLock { $0.requests.joined() } }
    /// Bytes of `endless` sent so far.
    public var sent: Int { counts.state.withLock { $0.sent } }
    /// The port it listens on.
    public let port: Int
    /// Its address as a URL.
    public let url: String
    /// An acknowledgement on a connection that stays open.
    public static let success = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess"

    private final class Counting: Sendable {
        let state = Mutex(Counts())
    }

    private init(channel: any Channel, host: String, counts: Counting) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        url = "http://\(host):\(port)/"
        self.counts = counts
    }

    /// Starts one on a free port.
    /// - Parameter host: an address of the loopback network.
    public static func start(
        _ answer: Answer, host: String = "127.0.0.1", tls: NIOSSLContext? = nil
    ) async throws -> RawReceiver {
        let counts = Counting()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(answer, counts))
                }
            }
            .bind(host: host, port: 0).get()
        return RawReceiver(channel: channel, host: host, counts: counts)
    }

    /// Accepts no more connections.
    public func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: Answer
        private let counts: Counting
        private var hasAnswered = false

        init(_ answer: Answer, _ counts: Counting) {
            self.answer = answer
            self.counts = counts
        }

        func channelActive(context: ChannelHandlerContext) {
            counts.state.withLock { counts in
                counts.connections += 1
                counts.open += 1
            }
            context.fireChannelActive()
        }

        func channelInactive(context: ChannelHandlerContext) {
            counts.state.withLock { $0.open -= 1 }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            counts.state.withLock { counts in
                if counts.requests.count < 100 { counts.requests.append(text) }
            }
            // One answer a request: these are short enough to come in one or two reads.
            guard text.hasPrefix("POST") else { return }
            let channel = context.channel
            switch answer {
            case .bytes(let bytes): write(bytes, channel)
            case .last(let bytes):
                write(bytes, channel)
                channel.close(promise: nil)
            case .once(let bytes):
                if hasAnswered { channel.close(promise: nil) } else { write(bytes, channel) }
                hasAnswered = true
            case .trickle(let bytes):
                write(bytes, channel)
                context.eventLoop.scheduleRepeatedTask(
                    initialDelay: .zero, delay: .milliseconds(20)
                ) { task in
                    if channel.isActive { Self.write("x", channel) } else { task.cancel() }
                }
            case .endless(let bytes):
                write(bytes, channel)
                Self.flood(channel, counts)
            case .onceThenReset(let bytes):
                if hasAnswered { Self.reset(channel) } else { write(bytes, channel) }
                hasAnswered = true
            case .reset: Self.reset(channel)
            }
        }

        private static func reset(_ channel: any Channel) {
            guard let options = channel as? any SocketOptionProvider else { return }
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        }

        private func write(_ text: String, _ channel: any Channel) { Self.write(text, channel) }

        private static func write(_ text: String, _ channel: any Channel) {
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }

        private static func flood(_ channel: any Channel, _ counts: Counting) {
            let block = ByteBuffer(repeating: 0x20, count: 65_536)
            channel.writeAndFlush(block).whenSuccess {
                counts.state.withLock { $0.sent += 65_536 }
                flood(channel, counts)
            }
        }
    }
}

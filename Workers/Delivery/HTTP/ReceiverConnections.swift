import Channels
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Connections to receivers, kept open for a few seconds after a response.
///
/// A connection is made to an address that the caller has checked, never to a name; TLS verifies
/// the certificate for the name.
final class ReceiverConnections: Sendable {
    /// What a connection can serve.
    private struct Place: Hashable {
        let isTLS: Bool
        let host: String
        let port: Int
    }

    private struct Idle {
        let channel: any Channel
        let address: SocketAddress
    }

    // Connections of many receivers that stay idle would use up the process's file descriptors.
    private static let idleLimit = 512
    private static let connectTime: Duration = .seconds(5)

    private let group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup
    private let tls: NIOSSLContext
    private let idle = Mutex<[Place: [Idle]]>([:])

    /// - Parameter tls: verifies receivers' certificates.
    init(tls: TLSConfiguration = .makeClientConfiguration()) throws {
        self.tls = try NIOSSLContext(configuration: tls)
    }

    /// Posts to `address` and reads the response whole.
    ///
    /// A connection that was closed while idle is replaced once: the receiver has sent no byte, and
    /// may have processed nothing.
    func post(
        _ body: [UInt8], headers: [(name: String, value: String)], to url: ReceiverURL,
        at address: SocketAddress
    ) async throws -> ReceiverReply {
        let place = Place(isTLS: url.isTLS, host: url.host, port: url.port)
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: url.target)
        head.headers.add(name: "Host", value: url.authority)
        head.headers.add(name: "Content-Length", value: String(body.count))
        for header in headers { head.headers.add(name: header.name, value: header.value) }
        if let reused = take(place, at: address) {
            do {
                return try await exchange(head, body, on: reused, place)
            } catch ExchangeFailure.closed(hasBegun: false) where !Task.isCancelled {}
        }
        let fresh = try await connect(url, at: address)
        return try await exchange(head, body, on: fresh, place)
    }

    private func exchange(
        _ head: HTTPRequestHead, _ body: [UInt8], on connection: Idle, _ place: Place
    ) async throws -> ReceiverReply {
        let channel = connection.channel
        let reply = try await withTaskCancellationHandler {
            let promise = channel.eventLoop.makePromise(of: ReceiverReply.self)
            let exchange = Exchange(head: head, body: ByteBuffer(bytes: body), promise: promise)
            channel.writeAndFlush(exchange).cascadeFailure(to: promise)
            do {
                return try await promise.futureResult.get()
            } catch let error where error is NIOCore.ChannelError || error is IOError {
                // The request could not be written: nothing was read since.
                throw ExchangeFailure.closed(hasBegun: false)
            }
        } onCancel: {
            channel.close(promise: nil)
        }
        keep(connection, place)
        return reply
    }

    // MARK: Connecting

    private func connect(_ url: ReceiverURL, at address: SocketAddress) async throws -> Idle {
        var address = address
        address.port = url.port
        do {
            return Idle(channel: try await connect(url, address), address: address)
        } catch {
            try Task.checkCancellation()
            throw ExchangeFailure.notConnected("\(error)")
        }
    }

    private func connect(_ url: ReceiverURL, _ address: SocketAddress) async throws -> any Channel {
        let (tls, isTLS) = (tls, url.isTLS)
        let isName = (try? SocketAddress(ipAddress: url.host, port: 0)) == nil
        let name = isName ? url.host : nil
        let connecting = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(Self.connectTime))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if isTLS {
                        try pipeline.addHandler(
                            try NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    let bytes = ByteLimit()
                    try pipeline.addHandler(bytes)
                    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    try pipeline.addHandler(ExchangeHandler(bytes: bytes))
                }
            }
            .connect(to: address)
        // A connect can't be cancelled: the caller stops waiting, and what it becomes is closed.
        let waiter = connecting.eventLoop.makePromise(of: (any Channel).self)
        connecting.cascade(to: waiter)
        return try await withTaskCancellationHandler {
            let channel = try await waiter.futureResult.get()
            guard !Task.isCancelled else {
                channel.close(promise: nil)
                throw CancellationError()
            }
            return channel
        } onCancel: {
            waiter.fail(CancellationError())
            connecting.whenSuccess { $0.close(promise: nil) }
        }
    }

    // MARK: Idle connections

    private func take(_ place: Place, at address: SocketAddress) -> Idle? {
        idle.withLock { idle in
            while let index = idle[place]?.lastIndex(where: {
                $0.address.ipAddress == address.ipAddress
            }) {
                guard let last = idle[place]?.remove(at: index) else { return nil }
                if idle[place]?.isEmpty == true { idle[place] = nil }
                if last.channel.isActive { return last }
                last.channel.close(promise: nil)
            }
            return nil
        }
    }

    private func keep(_ connection: Idle, _ place: Place) {
        guard connection.channel.isActive else { return }
        let isKept = idle.withLock { idle in
            if idle.values.reduce(0, { $0 + $1.count }) >= Self.idleLimit {
                // Those that have been closed since make room.
                idle = idle.compactMapValues { all in
                    let open = all.filter { $0.channel.isActive }
                    return open.isEmpty ? nil : open
                }
                guard idle.values.reduce(0, { $0 + $1.count }) < Self.idleLimit else {
                    return false
                }
            }
            idle[place, default: []].append(connection)
            return true
        }
        if !isKept { connection.channel.close(promise: nil) }
    }
}

import Channels
import NIOCore
public import NIOSSL

/// Posts deliveries: bounded in time and size, no redirects, no private addresses unless allowed.
public struct DeliverySender: Sendable {
    /// Why an attempt wasn't made, through no fault of the receiver's.
    struct PutOff: Error, Equatable {
        let reason: String
    }

    private let connections: ReceiverConnections
    private let resolver: HostResolver
    private let timeLimit: Duration
    private let allowsPrivateAddresses: Bool
    // So long an attempt may hold a slot without being made.
    private let placeTime: Duration

    /// - Parameters:
    ///   - timeLimit: for one attempt, from resolving the host to the response's last byte.
    ///   - allowsPrivateAddresses: whether receivers may be on loopback or private networks.
    ///   - tls: verifies receivers' certificates.
    public init(
        timeLimit: Duration, allowsPrivateAddresses: Bool,
        tls: TLSConfiguration = .makeClientConfiguration()
    ) throws {
        try self.init(
            timeLimit: timeLimit, allowsPrivateAddresses: allowsPrivateAddresses, tls: tls,
            resolver: HostResolver())
    }

    init(
        timeLimit: Duration, allowsPrivateAddresses: Bool,
        tls: TLSConfiguration = .makeClientConfiguration(), resolver: HostResolver,
        placeTime: Duration = .milliseconds(200)
    ) throws {
        connections = try ReceiverConnections(tls: tls)
        self.resolver = resolver
        self.timeLimit = timeLimit
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.placeTime = placeTime
    }

    /// Posts one attempt.
    /// - Parameters:
    ///   - partyNo: whose receiver it is.
    ///   - receivers: where the places of hosts and addresses are counted.
    /// - Throws: ``PutOff`` where the destination has no room, `CancellationError`; nothing else.
    func post(
        _ message: DeliveryMessage, to url: String, of partyNo: String, receivers: Receivers
    ) async throws -> DeliveryResult {
        do {
            return try await withTimeLimit(timeLimit) {
                try await exchange(message, to: url, of: partyNo, receivers)
            }
        } catch let error as ReceiverURL.Refusal {
            return DeliveryResult(error: error.description)
        } catch let error as PutOff {
            throw error
        } catch {
            try Task.checkCancellation()
            return DeliveryResult(error: "no reply: \(error)")
        }
    }

    private func exchange(
        _ message: DeliveryMessage, to text: String, of partyNo: String, _ receivers: Receivers
    ) async throws -> DeliveryResult {
        let url = try ReceiverURL(text)
        let sockets: [SocketAddress]
        do {
            sockets = try await resolver.addresses(of: url.host, for: partyNo)
        } catch HostResolver.Failure.busy {
            throw PutOff(reason: "other hosts are being resolved before \(url.host)")
        } catch HostResolver.Failure.unresolved(let reason) {
            return DeliveryResult(
                error: "the callback host \(url.host) can't be resolved: \(reason)")
        }
        // One that is private refuses the name: its owner, or a resolver on the way, misleads.
        let addresses = sockets.map(ReceiverAddress.init)
        if !allowsPrivateAddresses, addresses.contains(where: { $0?.isPublic != true }) {
            return DeliveryResult(error: "the callback host \(url.host) is on a private network")
        }
        return try await post(message, to: url, of: partyNo, at: sockets, receivers)
    }

    /// Posts to the first address that has room; to the next one where it can't be connected to.
    private func post(
        _ message: DeliveryMessage, to url: ReceiverURL, of partyNo: String,
        at sockets: [SocketAddress], _ receivers: Receivers
    ) async throws -> DeliveryResult {
        var left = sockets.prefix(3).map { socket in
            (
                socket: socket,
                place: DestinationPlaces.Destination(
                    host: url.host, address: ReceiverAddress(socket)?.share ?? "")
            )
        }
        var failure: any Error = PutOff(reason: "\(url.host) or its address has no room")
        while let index = try await enter(left.map(\.place), of: partyNo, receivers) {
            let (socket, place) = left.remove(at: index)
            defer { receivers.places { $0.leave(place, of: partyNo) } }
            do {
                let reply = try await connections.post(
                    message.body, headers: message.headers, to: url, at: socket)
                return DeliveryResult(
                    status: Int32(reply.status),
                    body: String(decoding: reply.body, as: UTF8.self))
            } catch let error as ExchangeFailure {
                guard case .notConnected = error else { throw error }
                failure = error
            }
        }
        throw failure
    }

    /// Takes the places of an attempt at one of several destinations, and returns its index. At a
    /// host that replies, one is free within milliseconds: only at one that doesn't, the attempt is
    /// put off.
    private func enter(
        _ places: [DestinationPlaces.Destination], of partyNo: String, _ receivers: Receivers
    ) async throws -> Int? {
        guard !places.isEmpty else { return nil }
        let end = ContinuousClock.now + placeTime
        repeat {
            let entered = receivers.places { counts in
                places.firstIndex { counts.enter($0, of: partyNo) }
            }
            if let entered { return entered }
            try await Task.sleep(for: .milliseconds(5))
        } while ContinuousClock.now < end
        return nil
    }
}

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
    ///   - receivers: where the host's and the address's shares are counted.
    /// - Throws: ``PutOff`` where a share is used up, `CancellationError`; nothing else.
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
            throw PutOff(reason: "other hosts of \(partyNo) are being resolved")
        } catch HostResolver.Failure.unresolved(let reason) {
            return DeliveryResult(
                error: "the callback host \(url.host) can't be resolved: \(reason)")
        }
        // One that is private refuses the name: its owner, or a resolver on the way, misleads.
        let addresses = sockets.map(ReceiverAddress.init)
        if !allowsPrivateAddresses, addresses.contains(where: { $0?.isPublic != true }) {
            return DeliveryResult(error: "the callback host \(url.host) is on a private network")
        }
        let shares = Set(
            addresses.map { "address \($0?.share ?? "")" } + ["host \(url.host)"])
        guard try await enter(shares, receivers) else {
            throw PutOff(reason: "\(url.host) or its address has no room")
        }
        defer { receivers.update { $0.leave(shares) } }
        let reply = try await connections.post(
            message.body, headers: message.headers, to: url, at: sockets)
        return DeliveryResult(
            status: Int32(reply.status), body: String(decoding: reply.body, as: UTF8.self))
    }

    /// Takes the places of an attempt. At a host that replies, one is free within milliseconds:
    /// only at one that doesn't, the attempt is put off.
    private func enter(_ shares: Set<String>, _ receivers: Receivers) async throws -> Bool {
        let end = ContinuousClock.now + placeTime
        repeat {
            if receivers.update({ $0.enter(shares) }) { return true }
            try await Task.sleep(for: .milliseconds(5))
        } while ContinuousClock.now < end
        return false
    }
}

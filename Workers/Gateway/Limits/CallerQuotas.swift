import Synchronization
import WorkerRuntime

/// The requests a second of each address and of each party.
final class CallerQuotas: Sendable {
    private struct Proof: Hashable {
        let partyNo: String
        let address: AddressBytes?
    }

    private let addresses: TokenBuckets<AddressBytes>
    private let parties: TokenBuckets<Caller>
    private let proofs = Mutex<[Proof: ContinuousClock.Instant]>([:])
    private let refusedByAddress: Counter
    private let refusedByParty: Counter
    private let now: @Sendable () -> ContinuousClock.Instant

    // How long an accepted order proves its address, and how many are remembered.
    private static let proofTime: Duration = .seconds(3_600)
    private static let proofLimit = 65_536

    /// - Parameter now: the monotonic clock.
    init(
        _ limits: GatewayLimits, metrics: MetricsRegistry,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        addresses = TokenBuckets(perSecond: limits.addressPerSecond)
        parties = TokenBuckets(perSecond: limits.partyPerSecond)
        let help = "Requests that were answered 429, by the limit that they exceeded."
        refusedByAddress = metrics.counter(
            "tally_gateway_refused_total", help: help, labels: ["limit": "address"])
        refusedByParty = metrics.counter(
            "tally_gateway_refused_total", help: help, labels: ["limit": "party"])
        self.now = now
    }

    /// Counts a request from an address.
    /// - Throws: `Problem.tooMany` beyond its quota.
    func admit(address: String?) throws(Problem) {
        guard let caller = address.flatMap(AddressBytes.init)?.caller,
            !addresses.take(caller, at: now())
        else { return }
        refusedByAddress.increment()
        throw .tooMany("from this address")
    }

    /// Counts a request of a party, or of somebody who says so.
    /// - Throws: `Problem.tooMany` beyond its quota.
    func admit(_ caller: Caller) throws(Problem) {
        guard !parties.take(caller, at: now()) else { return }
        refusedByParty.increment()
        throw .tooMany("of this party")
    }

    /// Whom a request that names `partyNo` is counted for.
    func caller(_ partyNo: String, at address: String?) -> Caller {
        let place = address.flatMap(AddressBytes.init)?.caller
        let provenAt = proofs.withLock { $0[Proof(partyNo: partyNo, address: place)] }
        if let provenAt, now() - provenAt < Self.proofTime { return .party(partyNo) }
        return .unproven(partyNo: partyNo, address: place)
    }

    /// A new order of the party was accepted from the address: its signature was verified.
    func recordAccepted(_ partyNo: String, from address: String?) {
        let proof = Proof(partyNo: partyNo, address: address.flatMap(AddressBytes.init)?.caller)
        let now = now()
        proofs.withLock { proofs in
            if proofs.count >= Self.proofLimit {
                proofs = proofs.filter { now - $0.value < Self.proofTime }
            }
            // Each party proves itself again with its next order.
            if proofs.count >= Self.proofLimit { proofs = [:] }
            proofs[proof] = now
        }
    }
}

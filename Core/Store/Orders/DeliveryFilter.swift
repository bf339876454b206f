import Foundation
public import Payments

/// Which deliveries an operator lists or sends again.
public struct DeliveryFilter: Sendable, Equatable {
    /// A delivery's state.
    public enum Status: String, Sendable, CaseIterable {
        /// Attempts go on.
        case pending
        /// The receiver replied with `success`.
        case acknowledged
        /// No attempt is left.
        case exhausted
    }

    /// Only those of this order.
    public var orderNo: String?
    /// Only those to this party.
    public var partyNo: String?
    /// Only those in this state.
    public var status: Status?
    /// Only those made at this time or later.
    public var since: Timestamp?
    /// Only those made before this time.
    public var until: Timestamp?

    /// A filter of these conditions; none matches all.
    public init(
        orderNo: String? = nil, partyNo: String? = nil, status: Status? = nil,
        since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.orderNo = orderNo
        self.partyNo = partyNo
        self.status = status
        self.since = since
        self.until = until
    }

    /// Whether it matches all.
    public var isEmpty: Bool { self == DeliveryFilter() }

    /// The smallest id of a delivery that was made at `time`.
    static func firstID(at time: Timestamp) -> UUID {
        let milliseconds = UInt64(clamping: time.microseconds / 1_000)
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { bytes in
            bytes.storeBytes(of: (milliseconds << 16).bigEndian, as: UInt64.self)
        }
        return UUID(uuid: bytes)
    }
}

/// What happens to an order of the day.
public enum OrderScenario: String, Sendable, CaseIterable {
    // Refused by the platform.
    case badSignature, unknownMerchant, productNotAllowed, staleTimestamp, unknownKeyVersion
    // Sent in another way than once through the gateway.
    case ownSystem, repeated, otherContent
    // Never paid.
    case abandoned, left, closedByMerchant
    // Paid about midnight.
    case lateAcrossMidnight, paidAfterClose, bookedNextDay
    // Paid; a message of the channel is lost or wrong.
    case notificationLost, notificationRepeated, notificationDelayed, notificationForged
    case wrongAmountNotified, wrongAppNotified, wrongSellerNotified
    case queryError, answerUnsigned, wrongBill
    // Paid and refunded.
    case refundedInFull, refundedInPart, refundedInPieces, refundAnswerLost
    // Paid, without a fault.
    case paid

    /// Whether the platform accepts it.
    public var isAccepted: Bool {
        switch self {
        case .badSignature, .unknownMerchant, .productNotAllowed, .staleTimestamp,
            .unknownKeyVersion:
            false
        default: true
        }
    }

    /// Whether it is paid.
    public var isPaid: Bool {
        switch self {
        case .abandoned, .left, .closedByMerchant: false
        default: isAccepted
        }
    }

    /// The number of `orders` that have this scenario: a share in ppm, at least the minimum. `paid`
    /// has the rest.
    func count(of orders: Int) -> Int {
        let (minimum, ppm) = share
        return max(minimum, orders * ppm / 1_000_000)
    }

    private var share: (minimum: Int, ppm: Int) {
        switch self {
        case .badSignature: (1, 10_000)
        case .productNotAllowed: (1, 4_000)
        case .unknownMerchant, .staleTimestamp, .unknownKeyVersion: (1, 3_000)
        case .ownSystem: (2, 5_000)
        case .repeated: (1, 10_000)
        case .otherContent: (1, 5_000)
        case .abandoned: (1, 80_000)
        case .left: (1, 40_000)
        case .closedByMerchant: (1, 6_000)
        case .lateAcrossMidnight: (1, 3_000)
        case .paidAfterClose, .bookedNextDay: (1, 2_000)
        case .notificationLost, .notificationDelayed: (1, 5_000)
        case .notificationRepeated: (1, 10_000)
        case .notificationForged, .wrongAmountNotified, .queryError: (1, 3_000)
        case .wrongAppNotified, .wrongSellerNotified, .answerUnsigned, .wrongBill: (1, 2_000)
        case .refundedInFull: (1, 14_000)
        case .refundedInPart: (1, 18_000)
        case .refundedInPieces: (1, 9_000)
        case .refundAnswerLost: (1, 2_000)
        case .paid: (0, 0)
        }
    }
}

import Payments

/// Draws the orders of a day: merchant, subject, amount and product.
struct OrderMaker {
    let seed: UInt64
    let day: BusinessDay
    let parties: SampleParties

    private static let subjects = [
        "龙井茶 250g", "手工月饼礼盒", "苏绣团扇", "蜀锦围巾", "蓝牙耳机", "西湖藕粉", "素斋双人套餐",
        "Green tea, 250 g", "笔记本（A5）", "竹编茶席",
    ]

    mutating func order(_ index: Int, scenario: OrderScenario) -> PlannedOrder {
        var random = SeededRandom(seed: seed, label: "order|\(index)")
        let product: Product
        let merchant: SampleParty?
        if scenario == .productNotAllowed {
            let choices = parties.merchants.filter { $0.rate(for: .app) == nil }
            (merchant, product) = (random.pick(choices), .app)
        } else {
            let picked = random.pick(parties.merchants)
            let allowed = [Product.pc, .wap, .app].filter { picked?.rate(for: $0) != nil }
            (merchant, product) = (picked, random.pick(allowed) ?? .pc)
        }
        let newest = random.pick(merchant?.keys.map(\.keyVersion) ?? [1]) ?? 1
        let amount = amount(scenario, &random)
        return PlannedOrder(
            index: index, scenario: scenario,
            merchantNo: scenario == .unknownMerchant ? "M9999" : merchant?.partyNo ?? "M9999",
            merchantOrderNo: "S\(day.compact)-\(Self.padded(index + 1))", product: product,
            amount: amount, subject: random.pick(Self.subjects) ?? "商品",
            expiresInSeconds: expiry(scenario, &random),
            keyVersion: scenario == .unknownKeyVersion ? 99 : newest,
            namesNotifyURL: random.number(in: 0...4) == 0,
            returnURL: product != .app && random.number(in: 0...1) == 0
                ? "https://shop.example/paid" : nil,
            attach: random.number(in: 0...9) == 0 ? "cart-\(index + 1)" : nil,
            faults: faults(scenario, amount, &random))
    }

    /// Mostly a few to a few hundred yuan; 2 % less than a yuan, 3 % ten thousand and more.
    private func amount(_ scenario: OrderScenario, _ random: inout SeededRandom) -> Money {
        switch random.number(in: 0...99) {
        case 0..<2 where scenario == .paid: Money(fen: random.number(in: 1...99))
        case 2..<5: Money(fen: random.number(in: 1_000_000...5_000_000))
        case 5..<40: Money(fen: random.number(in: 300...5_000))
        case 40..<85: Money(fen: random.number(in: 5_000...50_000))
        default: Money(fen: random.number(in: 50_000...500_000))
        }
    }

    /// Seconds: a quarter of an hour to two hours, at least half an hour where it is paid.
    private func expiry(_ scenario: OrderScenario, _ random: inout SeededRandom) -> Int64 {
        switch scenario {
        case .paidAfterClose: 900
        case .lateAcrossMidnight, .bookedNextDay: 7200
        default: scenario.isPaid ? random.number(in: 1800...7200) : random.number(in: 900...7200)
        }
    }

    private func faults(_ scenario: OrderScenario, _ amount: Money, _ random: inout SeededRandom)
        -> ChannelFaults
    {
        var faults = ChannelFaults()
        switch scenario {
        case .paidAfterClose: faults.acceptsLatePayment = true
        case .bookedNextDay:
            faults.backdatedPayment = day.end.adding(seconds: -random.number(in: 1...9))
        case .notificationLost: faults.losesNotifications = true
        case .notificationRepeated: faults.repeatedNotifications = Int(random.number(in: 1...3))
        case .notificationDelayed: faults.notificationDelay = random.number(in: 300...1500)
        case .notificationForged: faults.forged = true
        case .wrongAmountNotified:
            faults.wrongAmount = amount + Money(fen: random.number(in: 1...100))
        case .wrongAppNotified: faults.wrongApp = true
        case .wrongSellerNotified: faults.wrongSeller = true
        case .queryError:
            faults.losesNotifications = true
            faults.queryErrors = Int(random.number(in: 1...2))
        case .answerUnsigned:
            faults.losesNotifications = true
            faults.unsignedResponses = 1
        case .wrongBill: faults.billDelta = Money(fen: random.number(in: 1...100))
        case .refundAnswerLost: faults.refundErrorsAfterEffect = 1
        default: break
        }
        return faults
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}

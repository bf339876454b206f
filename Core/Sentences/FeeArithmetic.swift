public import Payments
public import Store

/// How the fees and shares of a payment or a refund follow from its amount and rates: pure.
public struct FeeArithmetic: Sendable {
    /// A figure and what it was computed from.
    public struct Line: Sendable, Equatable {
        /// Whose figure it is.
        public let what: String
        /// The arithmetic, with its rounding.
        public let arithmetic: String
        /// The figure.
        public let amount: Money
    }

    let language: Language

    /// Lines of one language.
    public init(language: Language) { self.language = language }

    /// A line for the merchant's fee, the channel's part, the platform's and each agent's share; of
    /// a refund what it reverses of each, below zero.
    public func lines(of row: FeesOfOrders.Row) -> [Line] {
        guard let channelRate = row.rates.first, let merchantRate = row.rates.last else {
            return []
        }
        let say = language
        var lines = [
            line(
                say("merchant \(row.merchantNo) pays", "商户 \(row.merchantNo) 支付"), merchantRate, row
            ),
            line(say("of it the channel", "其中渠道"), channelRate, row),
        ]
        // Each level earns what the level below it pays, less what it pays itself.
        for (place, pair) in zip(row.rates, row.rates.dropFirst()).enumerated() {
            let partyNo = row.partyNos.indices.contains(place) ? row.partyNos[place] : "?"
            let who =
                place == 0
                ? say("of it the platform \(partyNo)", "其中平台 \(partyNo)")
                : say("of it agent \(partyNo)", "其中代理商 \(partyNo)")
            let (own, below) = (fee(pair.0, row), fee(pair.1, row))
            lines.append(
                Line(
                    what: who,
                    arithmetic: "\(below.yuan) (\(pair.1.percent)) − \(own.yuan) "
                        + "(\(pair.0.percent))",
                    amount: below - own))
        }
        return lines
    }

    private func line(_ what: String, _ rate: Rate, _ row: FeesOfOrders.Row) -> Line {
        guard !row.refundNo.isEmpty else {
            return Line(
                what: what, arithmetic: Self.product(row.amount, rate),
                amount: rate.fee(on: row.amount))
        }
        let after = Self.product(row.refundedBefore + row.amount, rate)
        let before =
            row.refundedBefore == .zero ? "0.00" : "(\(Self.product(row.refundedBefore, rate)))"
        return Line(
            what: what, arithmetic: "\(before) − (\(after))", amount: fee(rate, row))
    }

    /// The fee on an order; on a refund what it reverses: the fee on all refunds before it, less
    /// that on all with it.
    private func fee(_ rate: Rate, _ row: FeesOfOrders.Row) -> Money {
        row.refundNo.isEmpty
            ? rate.fee(on: row.amount)
            : rate.fee(on: row.refundedBefore) - rate.fee(on: row.refundedBefore + row.amount)
    }

    /// `454.13 × 0.6000 % = 2.72478 → 2.72`.
    static func product(_ amount: Money, _ rate: Rate) -> String {
        let (product, overflow) = amount.fen.multipliedReportingOverflow(by: rate.ppm)
        let exact = overflow ? "…" : yuan(hundredMillionths: product)
        return "\(amount.yuan) × \(rate.percent) = \(exact) → \(rate.fee(on: amount).yuan)"
    }

    /// A count of 0.00000001 yuan, exact, without needless zeros: `2.72478`.
    private static func yuan(hundredMillionths: Int64) -> String {
        let (whole, rest) = hundredMillionths.quotientAndRemainder(dividingBy: 100_000_000)
        var decimals = Substring(String(100_000_000 + rest).dropFirst())
        while decimals.count > 2, decimals.last == "0" { decimals.removeLast() }
        return "\(whole).\(decimals)"
    }
}

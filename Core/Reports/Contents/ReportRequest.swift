import Payments
public import Postgres
public import Sentences
public import Store

/// Which report, of which days, about whom.
public struct ReportRequest: Sendable {
    /// Why there is no such report.
    public enum Refusal: Error, Equatable, CustomStringConvertible {
        /// A report that isn't about merchants was to be about one.
        case noMerchant(ReportKind)
        /// A report that isn't about agents was to be about one.
        case noAgent(ReportKind)
        /// No party of this number and kind.
        case unknown(String, kind: String)

        public var description: String {
            switch self {
            case .noMerchant(let kind): "the \(kind.rawValue) report isn't about one merchant"
            case .noAgent(let kind): "the \(kind.rawValue) report isn't about one agent"
            case .unknown(let partyNo, let kind): "there is no \(kind) \(partyNo)"
            }
        }
    }

    /// Which report.
    public let kind: ReportKind
    /// Of which days.
    public let days: ReportDays
    /// Only this merchant's; then without what the platform and agents earn.
    public let merchantNo: String?
    /// Only this agent's.
    public let agentNo: String?
    /// The language of its words.
    public let language: Language

    /// - Throws: ``Refusal`` for a merchant or an agent that the report isn't about.
    public init(
        _ kind: ReportKind, days: ReportDays, merchantNo: String? = nil, agentNo: String? = nil,
        language: Language
    ) throws(Refusal) {
        guard merchantNo == nil || kind == .settlement else { throw .noMerchant(kind) }
        guard agentNo == nil || kind == .profitShare else { throw .noAgent(kind) }
        self.kind = kind
        self.days = days
        self.merchantNo = merchantNo
        self.agentNo = agentNo
        self.language = language
    }

    /// The report; its rows are read as it is written, in the same transaction.
    /// - Throws: ``Refusal`` for a party that there isn't.
    public func report(in transaction: PostgresTransaction) async throws -> Report {
        try await check(merchantNo, is: "merchant", in: transaction)
        try await check(agentNo, is: "agent", in: transaction)
        return switch kind {
        case .reconciliation: reconciliation
        case .settlement: settlement
        case .daily: daily
        case .profitShare: profitShare
        case .fees: fees
        case .trialBalance: trialBalance
        }
    }

    private func check(
        _ partyNo: String?, is kind: String, in transaction: PostgresTransaction
    ) async throws {
        guard let partyNo else { return }
        guard try await transaction.run(KindOfParty(partyNo)).first == kind else {
            throw Refusal.unknown(partyNo, kind: kind)
        }
    }

    /// A report with a title that names its party and its days.
    func report(
        facts: [(name: String, value: String)] = [], _ tables: [ReportTable]
    ) -> Report {
        Report(
            title: ([kind.title(language)] + [merchantNo, agentNo].compactMap { $0 } + [dayText])
                .joined(separator: " "),
            facts: [
                (language("Amounts", "金额"), language("yuan (CNY)", "元（人民币）")),
                (language("Times", "时间"), language("Beijing time, UTC+8", "北京时间，UTC+8")),
            ] + facts, tables: tables, language: language, asOf: days.to.end)
    }

    private var dayText: String {
        days.from == days.to ? days.to.description : "\(days.from) – \(days.to)"
    }
}

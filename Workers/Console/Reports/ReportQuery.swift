import Foundation
import Hummingbird
import Payments
import Reports
import Sentences
import Store

/// The report of a form's fields, within what the user may have.
struct ReportQuery: Sendable {
    let request: ReportRequest
    let format: ReportFormat

    /// The longest range of days; longer ones are the command's.
    static let longestDays = 92

    /// - Throws: ``PageError``: 403 for a report that isn't the user's, 400 for what can't be read.
    init(_ fields: Parameters, scope: ReportScope, language: Language) throws {
        func field(_ name: String) -> String? {
            let text = (fields.get(name) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            return text.isEmpty ? nil : text
        }
        guard let kind = field("kind").flatMap(ReportKind.init(rawValue:)),
            let format = field("format").flatMap(ReportFormat.init(rawValue:))
        else { throw PageError(status: .badRequest) }
        guard scope.kinds.contains(kind) else { throw PageError(status: .forbidden) }
        self.format = format
        let days = try Self.days(from: field("from"), to: field("to"))
        do {
            request = try ReportRequest(
                kind, days: days,
                merchantNo: kind == .settlement ? scope.merchantNo ?? field("merchant") : nil,
                agentNo: kind == .profitShare ? scope.agentNo ?? field("agent") : nil,
                language: language)
        } catch {
            throw PageError(status: .badRequest)
        }
    }

    /// `settlement-2026-11-20.xlsx`; numbers of parties that aren't plain are left out.
    var fileName: String {
        let (from, to) = (request.days.from, request.days.to)
        let party = [request.merchantNo, request.agentNo].compactMap { $0 }
            .filter { $0.wholeMatch(of: #/[A-Za-z0-9]+/#) != nil }
        let days = from == to ? ["\(from)"] : ["\(from)", "\(to)"]
        return ([request.kind.rawValue] + party + days).joined(separator: "-")
            + ".\(format.rawValue)"
    }

    private static func days(from: String?, to: String?) throws -> ReportDays {
        guard let from = from.flatMap(BusinessDay.init),
            let to = to.map({ BusinessDay($0) }) ?? from,
            let days = ReportDays(from: from, to: to)
        else {
            throw PageError(
                status: .badRequest,
                (
                    "Name a first and a last day, YYYY-MM-DD; the last isn't before the first.",
                    "请填写起止日期（YYYY-MM-DD），且止日不得早于起日。"
                ))
        }
        guard to < from.adding(days: longestDays) else {
            throw PageError(
                status: .badRequest,
                (
                    "A report here has \(longestDays) days at most; "
                        + "tally report makes longer ones.",
                    "此处报表最长 \(longestDays) 天；更长的请使用命令 tally report。"
                ))
        }
        return days
    }
}

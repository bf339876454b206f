import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Payments
import Postgres
import Reports
import Sentences
import Store

/// `/reports`: which report, of which days, in which format. `/reports/file`: the file.
struct ReportsPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads
    /// Of the audit log.
    let now: @Sendable () -> Timestamp
    /// Of the form's days.
    let today: @Sendable () -> BusinessDay
    private let slots = ReportSlots(limit: 2)

    private struct Kind {
        let value: String
        let name: String
        let note: String
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/reports") { _, context in
            let user = try reads.user(context, for: .reports)
            let (say, scope) = (context.language, ReportScope(of: user))
            let day = today().previous.description
            return pages.page(
                "reports", title: say("Reports", "报表"), context: context, path: "/reports",
                content: [
                    "kinds": scope.kinds.map { Self.kind($0, say) }, "day": day,
                    "hasMerchant": user.role.isPlatform, "hasAgent": user.role.isPlatform,
                    "longest": String(ReportQuery.longestDays),
                ])
        }
        router.get("/reports/file") { request, context in
            let user = try reads.user(context, for: .reports)
            let query = try ReportQuery(
                request.uri.queryParameters, scope: ReportScope(of: user),
                language: context.language)
            return try await file(query, user)
        }
    }

    private func file(_ query: ReportQuery, _ user: User) async throws -> Response {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-report-\(UUID().uuidString)").path
        // Its name goes at once: the open file lives as long as the response.
        defer { unlink(path) }
        let written = try await slots.run { try await write(query, user, to: path) }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw PageError(status: .internalServerError)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: query.format.mediaType,
                .contentDisposition: "attachment; filename=\"\(query.fileName)\"",
            ],
            body: ResponseBody(contentLength: written.bytes) { writer in
                defer { try? file.close() }
                while let part = try file.read(upToCount: 1 << 16), !part.isEmpty {
                    try await writer.write(ByteBuffer(bytes: part))
                }
                try await writer.finish(nil)
            })
    }

    /// Everything of the file is of one moment; who takes it is in the audit log.
    private func write(
        _ query: ReportQuery, _ user: User, to path: String
    ) async throws -> ReportFile.Written {
        let (request, now) = (query.request, now())
        do {
            return try await reads.pool.withConnection { connection in
                try await connection.transaction(at: .repeatableRead) { transaction in
                    let report = try await request.report(in: transaction)
                    // Spreadsheets that open a CSV file by a click need the mark for Chinese.
                    let file = try ReportFile(report, as: query.format, hasMark: true)
                    let written = try await file.write(to: path, in: transaction)
                    _ = try await transaction.run(
                        AddAuditEntry(
                            actor: user.login, action: "report.download",
                            subject: request.kind.rawValue,
                            detail: "\(query.fileName), sha256 \(written.sha256)", now: now))
                    return written
                }
            }
        } catch let refusal as ReportRequest.Refusal {
            guard case .unknown = refusal else { throw PageError(status: .badRequest) }
            throw PageError(
                status: .notFound,
                ("There is no such merchant or agent.", "该商户或代理商不存在。"))
        }
    }

    private static func kind(_ kind: ReportKind, _ say: Language) -> Kind {
        let note =
            switch kind {
            case .reconciliation:
                say("what doesn't agree with the channel's statements", "与渠道对账单不一致之处")
            case .settlement:
                say("what merchants are owed, with each order and refund", "商户应结金额及订单、退款明细")
            case .daily: say("by day and product", "按日期与产品")
            case .profitShare: say("of one agent with each order", "指定代理商时含每笔明细")
            case .fees: say("by statement and by contract", "账单与合同对比")
            case .trialBalance:
                say("all accounts at the end of the last day", "止日日终的全部科目")
            }
        return Kind(value: kind.rawValue, name: kind.title(say), note: note)
    }
}

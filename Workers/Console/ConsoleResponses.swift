import HTTPTypes
import Hummingbird
import Logging
import Payments
import Postgres
import Sentences
import Store

/// Every answer carries the security headers; every error is a page in the reader's language.
struct ConsoleResponses: RouterMiddleware {
    typealias Context = ConsoleContext

    let pages: PageRenderer
    let pool: PostgresPool
    let now: @Sendable () -> Timestamp
    let logger: Logger

    func handle(
        _ request: Request, context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language = ConsoleCookies.language(of: request)
        var response: Response
        do {
            context = try await withSession(request, context)
            response = try await next(request, context)
        } catch let error as PageError {
            response = pages.error(error, context: context)
        } catch let error as HTTPError {
            response = pages.error(PageError(status: error.status), context: context)
        } catch is PostgresError {
            response = pages.error(.unavailable, context: context)
        } catch {
            logger.error("a page failed", metadata: ["error": "\(error)"])
            response = pages.error(PageError(status: .internalServerError), context: context)
        }
        for (name, value) in Self.headers { response.headers[name] = value }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func withSession(
        _ request: Request, _ context: ConsoleContext
    ) async throws -> ConsoleContext {
        guard let token = ConsoleCookies.token(of: request) else { return context }
        var context = context
        let now = now()
        context.session = try await pool.transaction {
            try await $0.run(SeeSession(tokenHash: token.hash, now: now)).first
        }
        context.token = context.session == nil ? nil : token
        return context
    }

    // No script, no frame, nothing from elsewhere.
    private static let headers: [(HTTPField.Name, String)] =
        [
            (
                .contentSecurityPolicy,
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                    + "base-uri 'none'; frame-ancestors 'none'"
            ), (.xContentTypeOptions, "nosniff"), (.strictTransportSecurity, "max-age=31536000"),
        ]
        + [
            ("referrer-policy", "same-origin"), ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}

/// Why a page isn't shown.
struct PageError: Error {
    let status: HTTPResponse.Status
    /// What is wrong, in English and Chinese; the status's own sentence where `nil`.
    var text: (english: String, chinese: String)?

    init(status: HTTPResponse.Status, _ text: (english: String, chinese: String)? = nil) {
        self.status = status
        self.text = text
    }

    static var unavailable: PageError {
        PageError(
            status: .serviceUnavailable,
            (
                "The database is unavailable. Nothing was changed; try again in a moment.",
                "数据库暂时不可用。未做任何更改，请稍后重试。"
            ))
    }

    /// The sentence for the reader.
    func sentence(_ say: Language) -> String {
        if let text { return say(text.english, text.chinese) }
        switch status.code {
        case 403: return say("Your role may not open this page.", "您的角色无权打开此页面。")
        case 404: return say("There is no such page, or it isn't yours.", "页面不存在，或不属于您。")
        case 405: return say("The page doesn't take this request.", "此页面不接受该请求。")
        case 413: return say("The form is too large.", "提交的内容过大。")
        case 400..<500: return say("The request can't be read.", "请求无法识别。")
        default:
            return say(
                "The page failed. It is in the console's log; nothing was changed.",
                "页面出错，已记入控制台日志；未做任何更改。")
        }
    }
}

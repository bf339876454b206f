import HTTPTypes
import Hummingbird
import Postgres
import Sentences
import Store

/// `/sign-in` and its steps, `/sign-out` and `/language`.
struct SignInPages: Sendable {
    let pages: PageRenderer
    let signIn: SignIn
    let pool: PostgresPool

    func add(to router: Router<ConsoleContext>) {
        router.get("/sign-in") { _, context in show(context) }
        router.post("/sign-in") { request, context in
            let form = try await ConsoleForm.read(request, of: nil)
            return try await password(form, request, context)
        }
        router.post("/sign-in/new-password") { request, context in
            let (session, token) = try required(context, .newPassword)
            let form = try await ConsoleForm.read(request, of: session)
            return try await choose(form, session, token, request, context)
        }
        router.post("/sign-in/enrolment") { request, context in
            let (session, token) = try required(context, .enrolment)
            let form = try await ConsoleForm.read(request, of: session)
            let started = try await signIn.enrol(
                .offered(in: token), entered: digits(form), in: session, token: token,
                from: context.origin(of: request))
            return answer(started, else: Self.wrongCode, context)
        }
        router.post("/sign-in/code") { request, context in
            let (session, token) = try required(context, .code)
            let form = try await ConsoleForm.read(request, of: session)
            let started = try await signIn.enter(
                code: digits(form), in: session, token: token,
                from: context.origin(of: request))
            return answer(started, else: Self.wrongCode, context)
        }
        router.post("/sign-out") { request, context in
            guard let session = context.session, let token = context.token else {
                return redirect(to: "/sign-in", cookie: ConsoleCookies.noSession)
            }
            _ = try await ConsoleForm.read(request, of: session)
            try await pool.transaction {
                _ = try await $0.run(EndSession(tokenHash: token.hash))
            }
            return redirect(to: "/sign-in", cookie: ConsoleCookies.noSession)
        }
        router.get("/language/:language") { request, context in
            guard let name = context.parameters.get("language"),
                let language = Language(rawValue: name)
            else { throw PageError(status: .notFound) }
            let back = request.uri.queryParameters.get("back") ?? "/"
            return redirect(
                to: Self.isOwnPath(back) ? back : "/", cookie: ConsoleCookies.language(language))
        }
    }

    /// Whether a redirect stays on this host: `//` and `/\` name another one.
    static func isOwnPath(_ path: String) -> Bool {
        path.utf8.first == UInt8(ascii: "/") && !path.hasPrefix("//") && !path.contains("\\")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    private static let wrongPassword = (
        english: "The login or the password is wrong, or the user is disabled. After ten attempts "
            + "a user is locked for 30 minutes.",
        chinese: "登录名或密码错误，或用户已停用。连续十次尝试后锁定 30 分钟。"
    )
    private static let wrongCode = (
        english: "The code is wrong, was used before, or the user is locked after ten attempts. "
            + "Wait for the next code.",
        chinese: "验证码错误、已使用，或十次尝试后用户已锁定。请等待下一个验证码。"
    )

    private func required(
        _ context: ConsoleContext, _ stage: Session.Stage
    ) throws -> (Session, RandomToken) {
        guard let session = context.session, let token = context.token, session.stage == stage
        else { throw PageError(status: .unauthorized, ("Sign in again.", "请重新登录。")) }
        return (session, token)
    }

    private func digits(_ form: ConsoleForm) -> String {
        form.text("code").filter { $0 != " " }
    }

    private func password(
        _ form: ConsoleForm, _ request: Request, _ context: ConsoleContext
    ) async throws -> Response {
        do {
            let started = try await signIn.begin(
                login: form.text("login"), password: form.exact("password"),
                from: context.origin(of: request))
            return answer(started, else: Self.wrongPassword, context, login: form.text("login"))
        } catch SignInProblem.busy {
            throw PageError(
                status: .serviceUnavailable,
                ("Too many people are signing in; try again.", "登录人数过多，请稍后重试。"))
        }
    }

    private func choose(
        _ form: ConsoleForm, _ session: Session, _ token: RandomToken, _ request: Request,
        _ context: ConsoleContext
    ) async throws -> Response {
        let password = form.exact("password")
        if let problem = PasswordRule.problem(of: password, login: session.user.login) {
            return show(context, problem: problem)
        }
        guard password == form.exact("again") else {
            return show(
                context, problem: ("The two passwords differ.", "两次输入的密码不一致。"))
        }
        return answer(
            try await signIn.choose(
                password: password, in: session, token: token,
                from: context.origin(of: request)), else: Self.wrongPassword, context)
    }

    private func answer(
        _ started: SignIn.Started?, else problem: (english: String, chinese: String),
        _ context: ConsoleContext, login: String = ""
    ) -> Response {
        guard let started else { return show(context, problem: problem, login: login) }
        return redirect(
            to: started.stage == .complete ? "/" : "/sign-in",
            cookie: ConsoleCookies.session(started.token))
    }

    /// The form of the step that the session is in.
    private func show(
        _ context: ConsoleContext, problem: (english: String, chinese: String)? = nil,
        login: String = ""
    ) -> Response {
        let say = context.language
        let stage = context.session?.stage
        if stage == .complete, problem == nil { return redirect(to: "/", cookie: nil) }
        var content: [String: Any] = ["login": login]
        if let problem { content["problem"] = say(problem.english, problem.chinese) }
        if stage == .enrolment, let token = context.token, let session = context.session {
            let code = OneTimeCode.offered(in: token)
            content["secret"] = code.text
            content["address"] = code.address(of: session.user.login)
        }
        let template =
            switch stage {
            case .newPassword: "sign-in-new-password"
            case .enrolment: "sign-in-enrolment"
            case .code: "sign-in-code"
            case .complete, nil: "sign-in"
            }
        return pages.page(
            template, title: say("Sign in", "登录"), context: context, path: "/sign-in",
            status: problem == nil ? .ok : .unprocessableContent, content: content)
    }

    private func redirect(to path: String, cookie: String?) -> Response {
        var response = Response(status: .seeOther, headers: [.location: path])
        if let cookie { response.headers[.setCookie] = cookie }
        return response
    }
}

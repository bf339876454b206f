import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Payments
import Postgres
import Testing
import WorkerRuntime

@testable import Console
@testable import Store

/// The console's pages over HTTP, against the real database: what they refuse, and what they never
/// print.
@Suite struct ConsolePagesTests {
    private struct FixedClock: BusinessClock {
        func now() -> Timestamp { Shop.noon }
        func sleep(until deadline: Timestamp) async throws {}
    }

    private static let password = "a sentence is good"

    /// A shop's database with a user of M1, and the console's application.
    func site() async throws -> (shop: Shop, app: some ApplicationProtocol) {
        let url = try await migratedDatabase()
        let shop = try await Shop.open(at: url)
        let pool = PostgresPool(url: url, size: 4, logger: quiet)
        let sealer = try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let hash = try PasswordHash(hashing: Self.password).text
        try await pool.transaction { transaction in
            _ = try await transaction.run(
                InsertUser(
                    userNo: "U1", login: "shop", role: .merchant, partyNo: "M1",
                    passwordHash: hash, rule: .first, actor: "test", now: Shop.noon))
            _ = try await transaction.run(
                SetPassword(
                    userNo: "U1", hash: hash, isTemporary: false, forgetsCodes: false,
                    actor: "test", now: Shop.noon))
        }
        let router = ConsoleRouter(
            pages: try PageRenderer(),
            signIn: SignIn(
                pool: pool, sealer: sealer, unknown: try PasswordHash(hashing: "no password"),
                now: { Shop.noon }),
            pool: pool, clock: FixedClock(), differenceLimit: Money(fen: 1_000),
            operations: OperationsRoutes(
                metrics: MetricsRegistry(), readiness: Readiness()),
            logger: quiet)
        return (shop, Application(router: router.router(), logger: quiet))
    }

    /// Adds a user, of the platform or of a party, and signs in as it without a one-time code.
    func session(
        of login: String, _ shop: Shop, _ role: UserRole, party: String? = nil
    ) async throws -> String {
        _ = try await shop.connection.run(
            InsertUser(
                userNo: "U-" + login, login: login, role: role, partyNo: party, passwordHash: "h",
                rule: .further, actor: "test", now: Shop.noon))
        let token = RandomToken.make()
        _ = try await shop.connection.run(
            StartSession(
                tokenHash: token.hash, replacing: nil, userNo: "U-" + login, stage: .complete,
                formToken: "form-" + login, remoteIP: nil, userAgent: "test", now: Shop.noon))
        return "\(ConsoleCookies.session)=\(token.text)"
    }

    func post(
        _ client: any TestClientProtocol, _ path: String, _ cookie: String, _ body: String
    ) async throws -> (status: HTTPResponse.Status, body: String) {
        var headers = Self.form
        headers[.cookie] = cookie
        headers[.acceptLanguage] = "en"
        let response = try await client.execute(
            uri: path, method: .post, headers: headers, body: ByteBuffer(string: body))
        return (response.status, String(buffer: response.body))
    }

    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded"
    ]

    /// The cookie of a merchant's user who signed in.
    private func signIn(_ client: any TestClientProtocol) async throws -> String {
        let response = try await client.execute(
            uri: "/sign-in", method: .post, headers: Self.form,
            body: ByteBuffer(
                string: "login=shop&password="
                    + Self.password.replacing(" ", with: "+")))
        #expect(response.status == .seeOther)
        let cookie = try #require(response.headers[.setCookie])
        for part in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/", "__Host-"] {
            #expect(cookie.contains(part))
        }
        return String(cookie.prefix { $0 != ";" })
    }

    func get(
        _ client: any TestClientProtocol, _ path: String, _ cookie: String? = nil
    ) async throws -> (status: HTTPResponse.Status, body: String, headers: HTTPFields) {
        var headers = HTTPFields()
        headers[.cookie] = cookie
        headers[.acceptLanguage] = "en"
        let response = try await client.execute(uri: path, method: .get, headers: headers)
        return (response.status, String(buffer: response.body), response.headers)
    }

    @Test func nothingIsShownBeforeASignIn() async throws {
        let (_, app) = try await site()
        try await app.test(.router) { client in
            for path in [
                "/orders", "/orders/T1", "/stuck", "/dead-letters", "/days", "/reports",
                "/reports/file?kind=settlement&from=2026-11-20&format=csv", "/users",
            ] {
                #expect(try await get(client, path).status == .unauthorized, "\(path)")
            }
            #expect(try await get(client, "/").status == .seeOther)
            #expect(try await get(client, "/../etc/passwd").status != .ok)
            #expect(try await get(client, "/console.css/../../Templates").status != .ok)
            let page = try await get(client, "/sign-in")
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            #expect(page.headers[.cacheControl] == "no-store")
        }
    }

    @Test func aTextOfAStrangerIsPrintedAsText() async throws {
        let (shop, app) = try await site()
        try await shop.order("T1")
        let text = "<script>alert(1)</script>\"'{{frame.formToken}}"
        try await shop.connection.execute(
            "update orders set subject = '\(text.replacing("'", with: "''"))'")
        try await app.test(.router) { client in
            let cookie = try await signIn(client)
            for path in ["/orders", "/orders/T1"] {
                let page = try await get(client, path, cookie)
                #expect(page.status == .ok)
                #expect(!page.body.contains("<script>"))
                #expect(page.body.contains("&lt;script&gt;"))
                #expect(page.body.contains("{{frame.formToken}}"))
            }
            let search = try await get(
                client, "/orders?number=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", cookie)
            #expect(search.status == .notFound && !search.body.contains("<script>"))
            for number in ["%00", "%0d%0aset-cookie:a", String(repeating: "a", count: 300)] {
                let refused = try await get(client, "/orders?number=\(number)", cookie)
                #expect(refused.status.code >= 400 && refused.status.code < 500, "\(number)")
            }
        }
    }

    @Test func anotherPartysOrderDoesNotExist() async throws {
        let (shop, app) = try await site()
        try await shop.order("T1")
        try await shop.order("T2", of: "M2")
        try await app.test(.router) { client in
            let cookie = try await signIn(client)
            #expect(try await get(client, "/orders/T1", cookie).status == .ok)
            let foreign = try await get(client, "/orders/T2", cookie)
            let none = try await get(client, "/orders/T3", cookie)
            #expect(foreign.status == .notFound && foreign.body == none.body)
            #expect(try await get(client, "/orders?number=T2", cookie).status == .notFound)
            #expect(try await !get(client, "/orders", cookie).body.contains("T2"))
            for path in ["/stuck", "/dead-letters", "/days", "/users"] {
                #expect(try await get(client, path, cookie).status == .forbidden, "\(path)")
            }
        }
    }

    @Test func aFormOfAnotherSiteOrWithoutTheSessionsTokenChangesNothing() async throws {
        let (_, app) = try await site()
        try await app.test(.router) { client in
            let cookie = try await signIn(client)
            let page = try await get(client, "/orders", cookie)
            let mark = "name=\"form_token\" value=\""
            let start = try #require(page.body.range(of: mark)).upperBound
            let token = page.body[start...].prefix { $0 != "\"" }
            var foreign = Self.form
            foreign[.cookie] = cookie
            foreign[.origin] = "https://evil.example"
            var own = foreign
            own[.origin] = nil
            for (headers, body) in [
                (foreign, "form_token=\(token)"), (own, ""), (own, "form_token=x"),
            ] {
                let response = try await client.execute(
                    uri: "/sign-out", method: .post, headers: headers,
                    body: ByteBuffer(string: body))
                #expect(response.status == .forbidden)
            }
            #expect(try await get(client, "/orders", cookie).status == .ok)
            let out = try await client.execute(
                uri: "/sign-out", method: .post, headers: own,
                body: ByteBuffer(string: "form_token=\(token)"))
            #expect(out.status == .seeOther)
            #expect(try await get(client, "/orders", cookie).status == .unauthorized)
        }
    }

    @Test func aSignInThatIsntCompleteOpensNothing() async throws {
        let (shop, app) = try await site()
        try await shop.order("T1")
        try await shop.connection.execute("update users set is_password_temporary = true")
        try await app.test(.router) { client in
            let cookie = try await signIn(client)
            #expect(try await get(client, "/orders/T1", cookie).status == .unauthorized)
            #expect(try await get(client, "/", cookie).status == .seeOther)
            let page = try await get(client, "/sign-in", cookie)
            #expect(page.status == .ok && page.body.contains("new-password"))
        }
    }

    @Test func aMerchantDownloadsItsOwnSettlementAndNobodyElses() async throws {
        let (shop, app) = try await site()
        try await shop.sell("T1")
        try await shop.sell("T2", of: "M2")
        try await shop.settle(
            try await shop.reconcile("s", [Shop.trade(1, "T1"), Shop.trade(2, "T2")]))
        let file = "/reports/file?kind=settlement&from=\(Shop.day)&to=\(Shop.day)"
        try await app.test(.router) { client in
            let cookie = try await signIn(client)
            #expect(try await get(client, "/reports", cookie).body.contains("settlement"))
            let own = try await get(client, file + "&format=csv&merchant=M2", cookie)
            #expect(own.status == .ok)
            #expect(own.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(
                own.headers[.contentDisposition]
                    == "attachment; filename=\"settlement-M1-\(Shop.day).csv\"")
            #expect(own.body.contains("M1") && !own.body.contains("M2"))
            let book = try await get(client, file + "&format=xlsx", cookie)
            #expect(book.body.hasPrefix("PK"))
            for kind in ["reconciliation", "profit-share", "trial-balance"] {
                let path = file.replacing("settlement", with: kind) + "&format=csv"
                #expect(try await get(client, path, cookie).status == .forbidden, "\(kind)")
            }
            let wrong = try await get(client, file + "&format=exe", cookie)
            #expect(wrong.status == .badRequest)
        }
        let audited = try await shop.connection.texts(
            "select actor || ' ' || action || ' ' || subject from audit_log order by audit_id")
        #expect(audited.filter { $0 == "shop report.download settlement" }.count == 2)
    }

    @Test func aDifferenceIsDecidedByOneAndApprovedByAnother() async throws {
        let (shop, app) = try await site()
        try await shop.reconcile("s", [Shop.trade(1, "<b>stranger", amount: 79_208)])
        let (lina, wang) = (
            try await session(of: "lina", shop, .finance),
            try await session(of: "wang", shop, .reviewer)
        )
        let operator_ = try await session(of: "oper", shop, .operator)
        try await app.test(.router) { client in
            #expect(
                try await get(client, "/days/\(Shop.day)", lina).body.contains("/differences/1"))
            let page = try await get(client, "/differences/1", lina)
            #expect(page.status == .ok && page.body.contains("&lt;b&gt;stranger"))
            #expect(page.body.contains("value=\"write_off\""))
            #expect(!page.body.contains("value=\"accept\""), "there is nothing to accept")
            // Who may look may not decide, and a form of another session decides nothing.
            let decision = "action=write_off&reason=our_error&comment=theirs"
            let path = "/differences/1/resolve"
            #expect(try await get(client, "/differences/1", operator_).status == .ok)
            #expect(
                try await post(client, path, operator_, "form_token=form-oper&" + decision).status
                    == .forbidden)
            #expect(
                try await post(client, path, lina, "form_token=form-wang&" + decision).status
                    == .forbidden)
            #expect(
                try await post(client, path, lina, "form_token=form-lina&action=x").status
                    == .badRequest)
            let unfit = try await post(
                client, path, lina, "form_token=form-lina&action=accept&reason=rounding")
            #expect(unfit.status == .conflict && unfit.body.contains("Nothing was changed"))
            #expect(
                try await post(client, path, lina, "form_token=form-lina&" + decision).status
                    == .seeOther)
            let waiting = try await get(client, "/differences/1", lina).body
            #expect(waiting.contains("You made it") && !waiting.contains("/approve"))
            let own = try await post(
                client, "/differences/1/approve", lina, "form_token=form-lina")
            #expect(own.status == .conflict)
            #expect(try await shop.balance(.channelReceivable) == 0)
            #expect(try await get(client, "/differences/1", wang).body.contains("/approve"))
            #expect(
                try await post(
                    client, "/differences/1/approve", wang, "form_token=form-wang"
                ).status == .seeOther)
            #expect(try await shop.balance(.channelReceivable) == 79_208 - 301)
            let ended = try await get(client, "/differences/1", lina).body
            #expect(ended.contains("write off by lina and wang: our error"))
            #expect(!ended.contains("<select"))
            for path in ["/differences/2", "/differences/x", "/differences/-1"] {
                #expect(try await get(client, path, lina).status == .notFound, "\(path)")
            }
        }
        #expect(try await shop.audit() == [])
    }

    @Test func anOversizedFormIsRefused() async throws {
        let (_, app) = try await site()
        try await app.test(.router) { client in
            let response = try await client.execute(
                uri: "/sign-in", method: .post, headers: Self.form,
                body: ByteBuffer(string: "login=" + String(repeating: "a", count: 100_000)))
            #expect(response.status == .contentTooLarge)
        }
    }
}

import Hummingbird
import Payments
import Postgres
import Sentences
import Store

/// `/users`: who may sign in, and as what. `tally users` changes them.
struct UsersPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads

    private struct Row {
        let login: String
        let role: String
        let party: String
        let isActive: Bool
        let hasCodes: Bool
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/users") { _, context in
            _ = try reads.user(context, for: .users)
            let say = context.language
            let users = try await reads.pool.transaction { try await $0.run(AllUsers()) }
            let rows = users.map { user in
                Row(
                    login: user.login,
                    role: say(user.role.rawValue, PageFrame.chinese(user.role)),
                    party: user.partyNo ?? say("platform", "平台"), isActive: user.isActive,
                    hasCodes: user.codeSecretSealed != nil)
            }
            return pages.page(
                "users", title: say("Users", "用户"), context: context, path: "/users",
                content: ["users": rows])
        }
    }
}

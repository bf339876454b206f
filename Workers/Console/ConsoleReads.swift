import Hummingbird
import Payments
import Postgres
import Store

/// What a signed-in user may read: the permission of a page, and the merchants of the subtree.
struct ConsoleReads: Sendable {
    let pool: PostgresPool

    /// The user of a request, if the sign-in is complete and the role may open the page.
    /// - Throws: ``PageError``; 401 where the sign-in isn't complete.
    func user(_ context: ConsoleContext, for permission: Permission?) throws -> User {
        guard let session = context.session, session.stage == .complete else {
            throw PageError(
                status: .unauthorized, ("Sign in to open this page.", "请先登录。"))
        }
        if let permission, !session.user.role.permissions.contains(permission) {
            throw PageError(status: .forbidden)
        }
        return session.user
    }

    /// The merchants whose orders the user sees; `nil` for every merchant.
    func merchants(
        of user: User, in transaction: PostgresTransaction
    ) async throws -> [String]? {
        guard let partyNo = user.partyNo else {
            guard user.role.isPlatform else { throw PageError(status: .forbidden) }
            return nil
        }
        return try await transaction.run(MerchantsOfSubtree(partyNo))
    }
}

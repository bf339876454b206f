import Hummingbird
import Logging
import Payments
import Postgres
import Store
import WorkerRuntime

/// The console's routes.
struct ConsoleRouter: Sendable {
    let pages: PageRenderer
    let signIn: SignIn
    let pool: PostgresPool
    /// Of business time: what is overdue on a played day.
    let clock: any BusinessClock
    /// A decision on a difference of more than this waits for a second person.
    let differenceLimit: Money
    let operations: OperationsRoutes
    let logger: Logger

    func router() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self)
        operations.add(to: router)
        // Only for what is added from here on.
        router.add(
            middleware: ConsoleResponses(
                pages: pages, pool: pool, now: signIn.now, logger: logger))
        router.get("/console.css") { _, _ in pages.styleSheet() }
        SignInPages(pages: pages, signIn: signIn, pool: pool).add(to: router)
        let reads = ConsoleReads(pool: pool)
        HomePage(pages: pages, reads: reads, clock: clock).add(to: router)
        OrdersPage(pages: pages, reads: reads).add(to: router)
        StuckOrdersPage(pages: pages, reads: reads, clock: clock).add(to: router)
        DeadLettersPage(pages: pages, reads: reads).add(to: router)
        DaysPage(pages: pages, reads: reads).add(to: router)
        DifferenceDetailPage(
            pages: pages, reads: reads, clock: clock, limit: differenceLimit
        ).add(to: router)
        ReportsPage(
            pages: pages, reads: reads, now: signIn.now,
            today: { [clock] in BusinessDay.containing(clock.now()) }
        ).add(to: router)
        ApplicationsPage(
            pages: pages, reads: reads, sealer: signIn.sealer, clock: clock
        ).add(to: router)
        UsersPage(pages: pages, reads: reads).add(to: router)
        router.get("/**") { _, _ -> Response in throw PageError(status: .notFound) }
        return router
    }
}

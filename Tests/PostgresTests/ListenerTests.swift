import Postgres
import TestServices
import Testing

@Suite struct ListenerTests {
    @Test func hearsWhatIsNotifiedAfterListenReturned() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let listener = try PostgresListener(url: url, logger: quiet)
        let odd = "odd \"channel\""
        let first = try await listener.listen("work")
        let second = try await listener.listen("work")
        let other = try await listener.listen(odd)
        let connection = try await PostgresConnection.connect(url, logger: quiet)
        try await connection.notify("work", payload: "一")
        try await connection.transaction { transaction in
            try await transaction.notify("work", payload: "2")
            try await transaction.notify(odd)
        }
        for stream in [first, second] {
            var heard = stream.makeAsyncIterator()
            #expect(await heard.next()?.payload == "一")
            #expect(await heard.next()?.payload == "2")
        }
        var heard = other.makeAsyncIterator()
        #expect(
            await heard.next() == PostgresNotification(channel: odd, payload: "", isGap: false))
        listener.close()
        #expect(await heard.next() == nil)
        await #expect(throws: PostgresError.self) { try await listener.listen("late") }
    }

    @Test func reportsTheGapAfterALostConnectionAndGoesOn() async throws {
        let url = try await TestServices.shared.freshDatabase()
        let listener = try PostgresListener(
            url: url, applicationName: "listener-under-test", logger: quiet)
        var heard = try await listener.listen("work").makeAsyncIterator()
        let connection = try await PostgresConnection.connect(url, logger: quiet)
        try await connection.execute(
            """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and application_name = 'listener-under-test'
            """)
        #expect(await heard.next()?.isGap == true)
        try await connection.notify("work", payload: "again")
        #expect(await heard.next()?.payload == "again")
    }
}

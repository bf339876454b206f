public import Postgres

extension MetricsRegistry {
    /// Adds a pool's connections by state.
    public func watch(_ pool: PostgresPool) {
        collect(
            "tally_database_connections", help: "Connections of the role's pool, by state."
        ) {
            let counts = pool.counts
            return [
                (["state": "in_use"], Double(counts.used)),
                (["state": "idle"], Double(counts.idle)),
                (["state": "opening"], Double(counts.opening)),
            ]
        }
        gauge("tally_database_waiting", help: "Requests that wait for a connection.") {
            Double(pool.counts.waiting)
        }
    }

    /// Adds a producer's records in flight.
    public func watch(_ producer: EventProducer) {
        gauge(
            "tally_producer_queue_records",
            help: "Records sent to the broker and not acknowledged yet."
        ) { Double(producer.queueLength) }
    }
}

import Testing

/// A wrong setting or a missing service, and what a process of `tally` says about it.
struct StartCase: Sendable, CustomTestStringConvertible {
    /// The services that the process finds.
    enum Services: Sendable {
        /// Nothing listens at any address.
        case none
        /// PostgreSQL with the schema and a business's parties, a broker with the topics.
        case all
        /// A database without a schema.
        case emptyDatabase
        /// A database that a newer build has migrated.
        case newerDatabase
        /// A broker without topics.
        case emptyBroker
        /// A broker whose `orders.submitted` has one partition, as made by the broker itself.
        case onePartition
        /// A broker that refuses every password.
        case refusingBroker
        /// A broker with a certificate that nobody has signed.
        case untrustedBroker
    }

    enum Outcome: Sendable, Equatable {
        /// Ends with status 1 and says so on standard error.
        case exits
        /// Runs, isn't ready, and says so on `/readyz` and in its log.
        case waits
        /// Is ready.
        case ready
    }

    let name: String
    let arguments: [String]
    /// Variables beside those of a right environment; `nil` removes one.
    let variables: [String: String?]
    let services: Services
    let outcome: Outcome
    /// Part of what it says.
    let message: String
    /// Within how many seconds.
    let seconds: Int

    init(
        _ name: String, _ arguments: [String], _ variables: [String: String?] = [:],
        with services: Services = .none, _ outcome: Outcome, _ message: String,
        within seconds: Int = 10
    ) {
        self.name = name
        self.arguments = arguments
        self.variables = variables
        self.services = services
        self.outcome = outcome
        self.message = message
        self.seconds = seconds
    }

    var testDescription: String { name }
}

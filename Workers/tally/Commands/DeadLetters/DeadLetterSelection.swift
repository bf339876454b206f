import ArgumentParser
import Events
import Store

/// Which dead letters are handled: those of the ids, of a filter, or all.
struct DeadLetterSelection: ParsableArguments {
    @Argument(help: "Ids of dead letters; or use --all or filters.") var ids: [DeadLetterID] = []
    @Flag(help: "Every open dead letter that matches the filters.") var all = false
    @OptionGroup var filter: DeadLetterOptions
    @Option(help: "At most this many, the oldest first.") var limit: Int?
    @Flag(help: "Print what would be done, and change nothing.") var dryRun = false

    func validate() throws {
        let hasFilter = !filter.filter().isEmpty
        guard ids.isEmpty || !(all || hasFilter || limit != nil) else {
            throw ValidationError("use ids, or --all or filters, not both")
        }
        guard !ids.isEmpty || all || hasFilter else {
            throw ValidationError(
                "which dead letters? Give ids, filters such as --reason or --topic, or --all")
        }
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit must be 1 or more")
        }
    }

    /// The ids, each once.
    var identities: [EventID] {
        var seen: Set<EventID> = []
        return ids.map(\.id).filter { seen.insert($0).inserted }
    }
}

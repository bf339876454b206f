import ArgumentParser
import Events
import Store

/// Which letters are to be handled: by identity, by a filter, or all.
struct DeadLetterSelection: ParsableArguments {
    @Argument(help: "The letters; or give --all or a filter.") var ids: [DeadLetterID] = []
    @Flag(help: "Every open letter that the filters let through.") var all = false
    @OptionGroup var letters: DeadLetterOptions
    @Option(help: "At most so many, the oldest first.") var limit: Int?
    @Flag(help: "Say what would be done, and do nothing.") var dryRun = false

    func validate() throws {
        let hasFilter = !letters.filter().isEmpty
        guard ids.isEmpty || !(all || hasFilter || limit != nil) else {
            throw ValidationError("name letters, or give --all or filters, not both")
        }
        guard !ids.isEmpty || all || hasFilter else {
            throw ValidationError(
                "say which letters: their IDs, filters as --reason or --topic, or --all")
        }
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit must be 1 or more")
        }
    }

    /// Each named letter once.
    var identities: [EventID] {
        var seen: Set<EventID> = []
        return ids.map(\.id).filter { seen.insert($0).inserted }
    }
}

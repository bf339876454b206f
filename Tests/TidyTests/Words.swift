/// The words that aren't ours, each with the field's term for it (docs/terms.md has the terms).
///
/// A reader who knows Kafka, PostgreSQL and payments must recognise every name and every sentence.
enum Words {
    /// What to write, by the words that it replaces.
    static let instead: [String: [String]] = [
        "notify, report, name, committed": ["tell", "tells", "told", "telling"],
        "query, call, request": ["ask", "asks", "asked", "asking", "asker", "askers"],
        "refund, return, release": [
            "give back", "gives back", "gave back", "given back", "giving back",
        ],
        "abandon, discard, expire": ["give up", "gives up", "gave up", "given up", "giving up"],
        "unavailable": ["away"],
        "dead letter": ["letter", "letters"],
        "expensive, costly": ["dear", "dearer", "dearest"],
        "seed, random numbers": ["dice"],
        "scenario, timeline": ["story", "stories"],
        "acknowledge": ["thank", "thanks", "thanked"],
        "release the waiters, stop waiting": ["hurry", "hurried", "haste"],
        "crash, exit, end, be killed": [
            "doom", "doomed", "doomable", "dies", "died", "death", "deaths",
        ],
        "address check": ["guardian"],
        "borrow": ["lend", "lends", "lent"],
        "lifetime, lease": ["leash", "leashed"],
        "restart": ["revive", "revives", "revived"],
        "wake": ["nudge", "nudges", "nudged"],
        "fix, correct": ["mend", "mends", "mended", "mendable"],
        "failure, error": ["trouble", "troubles"],
        "in flight, claimed, polled": ["in hand"],
        "recorded": ["noted"],
        "send, say, support": ["speak", "speaks", "spoke", "spoken"],
        "receive": ["hear", "hears", "heard"],
        "accept, allow": ["put up with", "puts up with"],
        "handle": ["see to", "sees to"],
    ]

    /// A word that is meant as it is written, by file; `*` for a whole file.
    static let exceptions: [String: Set<String>] = [
        // This list itself.
        "Tests/TidyTests/Words.swift": ["*"],
        "Tests/TidyTests/WordTests.swift": ["*"],
        // Character.isLetter.
        // ::first-letter.
        "Workers/Console/Assets/console.css": ["letter"],
        "Tests/TidyTests/CitationTests.swift": ["letter"],
        "Tests/TidyTests/MutantListTests.swift": ["letter"],
        // A label that seeds the day's random numbers: another one would change all its figures.
        "Workers/Sandbox/Simulator/Play/DayPlan.swift": ["stories"],
    ]
}

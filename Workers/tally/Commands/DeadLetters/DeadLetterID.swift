import ArgumentParser
import Events
import Foundation

/// A dead letter's id, a UUID.
struct DeadLetterID: ExpressibleByArgument {
    let id: EventID

    init?(argument: String) {
        guard let uuid = UUID(uuidString: argument) else { return nil }
        id = EventID(uuid)
    }
}

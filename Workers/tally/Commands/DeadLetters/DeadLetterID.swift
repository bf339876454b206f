import ArgumentParser
import Events
import Foundation

/// A letter's identity.
struct DeadLetterID: ExpressibleByArgument {
    let id: EventID

    init?(argument: String) {
        guard let uuid = UUID(uuidString: argument) else { return nil }
        id = EventID(uuid)
    }
}

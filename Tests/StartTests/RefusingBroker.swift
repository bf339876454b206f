import Foundation
import TestStack
import TestWaiting

/// A broker that refuses its clients; ends with the last reference.
struct RefusingBroker: Sendable {
    enum Refusal: String { case password, certificate }

    let brokers: String
    private let process: TallyProcess

    static func start(_ refusal: Refusal, folder: String) async throws -> RefusingBroker {
        let process = try TallyProcess(
            [PrivatePython.script("StartTests/refusing_broker.py"), refusal.rawValue, folder],
            folder: folder, name: "broker", program: try PrivatePython.find())
        let port = try await eventually("the refusing broker's port") {
            guard process.isRunning else { throw DeadlineError(description: process.errors) }
            return process.output.hasSuffix("\n") ? Int(process.output.dropLast()) : nil
        }
        return RefusingBroker(brokers: "127.0.0.1:\(port)", process: process)
    }

    func stop() { process.signal(SIGKILL) }
}

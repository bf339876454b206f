import Foundation
import HTTPTypes
import Hummingbird

/// A merchant's own server: takes deliveries and says `success`.
actor Receiver {
    struct Delivery: Sendable {
        let id: String?
        let attempt: String?
        let traceparent: String?
        let body: Answer

        /// What is signed, by the rules of the API.
        var fields: [(String, String?)] {
            let parsed = try? JSONSerialization.jsonObject(with: Data(body.body))
            let object = parsed as? [String: Any]
            return (object ?? [:]).map { name, value in
                // The only flag among the fields is late.
                if name == "late" { return (name, (value as? Bool) == true ? "true" : "false") }
                return (name, (value as? String) ?? (value as? Int).map(String.init))
            }
        }
    }

    private(set) var deliveries: [Delivery] = []

    /// Serves while `body` runs; it gets the address to be notified at.
    static func serving<Value: Sendable>(
        _ body: (Receiver, String) async throws -> Value
    ) async throws -> Value {
        let receiver = Receiver()
        let (ports, opened) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("/tally") { request, _ -> String in
            let bytes = try await request.body.collect(upTo: 1 << 16)
            await receiver.take(
                Delivery(
                    id: request.headers[header("Tally-Delivery-Id")],
                    attempt: request.headers[header("Tally-Attempt")],
                    traceparent: request.headers[header("traceparent")],
                    body: Answer(status: 200, type: "", body: Array(buffer: bytes))))
            return " success\n"
        }
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in opened.yield(channel.localAddress?.port ?? 0) },
            logger: quiet)
        let serving = Task { try await server.run() }
        defer { serving.cancel() }
        var port = 0
        for await one in ports {
            port = one
            break
        }
        return try await body(receiver, "http://127.0.0.1:\(port)/tally")
    }

    private func take(_ delivery: Delivery) { deliveries.append(delivery) }

    private static func header(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .contentType
    }
}

import Dispatch

/// Requests of Kafka's protocol, written by hand: whether a broker answers, and with how many
/// nodes. Source: https://kafka.apache.org/protocol.html
enum KafkaProbe {
    // Length 10, api key 18 (ApiVersions), version 0, correlation id 1, no client id.
    private static let apiVersions: [UInt8] = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]

    // Length 14, api key 3 (Metadata), version 1, correlation id 1, no client id, no topics.
    private static let metadata: [UInt8] =
        [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0]

    /// Whether a broker answers on the port.
    static func answers(port: UInt16) async -> Bool {
        await response(to: apiVersions, from: port) != nil
    }

    /// How many nodes a broker's metadata names; `nil` where it doesn't answer.
    static func brokerCount(port: UInt16) async -> Int? {
        // Length, correlation id, number of brokers.
        guard let bytes = await response(to: metadata, from: port), bytes.count >= 12 else {
            return nil
        }
        return bytes[8..<12].reduce(0) { $0 << 8 | Int($1) }
    }

    // The call blocks for up to a second: not on the shared pool.
    private static func response(to request: [UInt8], from port: UInt16) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: LoopbackPort.response(to: request, from: port))
            }
        }
    }
}

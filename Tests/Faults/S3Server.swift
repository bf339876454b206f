import Embedded
import Foundation
import FoundationNetworking
import TestStack
import TestWaiting

/// An S3 server on the loopback, in memory: PyPI's moto, as `s3_server.py` runs it.
final class S3Server: Sendable {
    let storage: BrokerStorage
    private let process: TallyProcess

    var pid: Int32 { process.pid }

    private init(storage: BrokerStorage, process: TallyProcess) {
        self.storage = storage
        self.process = process
    }

    static func start(folder: String) async throws -> S3Server {
        let port = try LoopbackPort.free(count: 1)[0]
        let endpoint = "http://127.0.0.1:\(port)"
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("s3_server.py").path
        let process = try TallyProcess(
            [script, String(port)], folder: folder, name: "moto", program: PrivatePython.find())
        guard let bucket = URL(string: endpoint + "/tansu") else {
            throw DeadlineError(description: "\(endpoint) is no URL")
        }
        var request = URLRequest(url: bucket)
        request.httpMethod = "PUT"
        request.httpBody = Data()
        let making = request
        try await eventually("the S3 server makes a bucket") {
            guard process.isRunning else {
                throw DeadlineError(description: "moto ended: \(process.errors.suffix(500))")
            }
            let answer = try? await URLSession.shared.data(for: making).1
            return (answer as? HTTPURLResponse)?.statusCode == 200
        }
        return S3Server(
            storage: .s3(
                bucket: "tansu", endpoint: endpoint, region: "us-east-1", accessKey: "faults",
                secretKey: "faults"), process: process)
    }

    func stop() async {
        process.signal(SIGTERM)
        _ = try? await process.ending(within: .seconds(10))
    }
}

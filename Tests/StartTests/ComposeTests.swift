import Composition
import Embedded
import Foundation
import FoundationNetworking
import Postgres
import Simulator
import TestServices
import TestStack
import TestWaiting
import Testing
import Yams

/// `docker/compose.yaml` as `docker-compose config` resolves it with a filled-in
/// `docker/env.example`. There is no container engine: the roles run as processes, with exactly
/// their service's environment but for the addresses and the folder of the keys.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ComposeTests {
    // As an operator may choose it: with what a URL and the shell treat specially.
    private static let password = "p@ss/w%rd#1 $x"

    private static let filledIn = [
        "POSTGRES_PASSWORD": "'\(password)'",
        "TALLY_MASTER_KEY": StartBed.shared.masterKey,
        "TALLY_ALIPAY_APP_ID": AlipayIdentity.sample.appID,
        "TALLY_ALIPAY_SELLER_ID": AlipayIdentity.sample.sellerID,
        "TALLY_ALIPAY_NOTIFY_URL": "https://tally.example/v1/channels/alipay/notify",
        "TALLY_BANK_URL": "https://bank.example/api", "TALLY_BANK_SECRET": "of-the-tests",
    ]

    @Test func everyRoleIsReadyWithExactlyItsServicesEnvironment() async throws {
        let folder = try TemporaryFolder.make("compose")
        defer { TemporaryFolder.remove(folder) }
        let services = try await resolved(Self.filledIn, folder)
        let bed = StartBed.shared
        let (database, brokers) = try await (bed.migratedDatabase(), bed.brokersWithTopics())
        let user = try await addUser(to: database)
        let here = [
            "postgresql://tally@postgres:5432/tally":
                database.replacing(/\/\/[^@]*@/, with: "//\(user)@"),
            "kafka:9092": brokers, "/keys/": try await bed.sampleKeys().folder + "/",
            "0.0.0.0": "127.0.0.1",
        ]
        for role in Role.allCases {
            let service = try #require(services[role.rawValue], "no service \(role)")
            #expect(service.arguments == role.arguments)
            try await check(service, here, path: "/readyz", isAtOperationsPort: true, folder)
        }
        try await removeUser(user, from: database)
    }

    @Test func theSimulatorMakesTheKeysThatTheRolesRead() async throws {
        let folder = try TemporaryFolder.make("compose")
        defer { TemporaryFolder.remove(folder) }
        let services = try await resolved(Self.filledIn, folder)
        let simulator = try #require(services["simulator"])
        let here = [
            "/keys": folder, "simulator": "127.0.0.1", "gateway:8080": "127.0.0.1:9",
            "kafka:9092": try await StartBed.shared.brokersWithTopics(),
        ]
        try await check(simulator, here, path: "/healthz", isAtOperationsPort: false, folder)
        for name in ["APP_PRIVATE", "PUBLIC"] {
            let file = try #require(
                services["gateway"]?.environment["TALLY_ALIPAY_\(name)_KEY_FILE"])
            let made = file.replacing("/keys", with: folder)
            #expect(FileManager.default.fileExists(atPath: made), "\(made)")
        }
    }

    /// Runs a service as a process, with `here` instead of the containers' addresses and folders,
    /// until it answers 200.
    private func check(
        _ service: Service, _ here: [String: String], path: String, isAtOperationsPort: Bool,
        _ folder: String
    ) async throws {
        let ports = try LoopbackPort.free(count: 2)
        let places = here.merging(["8080": "\(ports[0])", "9464": "\(ports[1])"]) { $1 }
        func placed(_ text: String) -> String {
            // The longest first: an address before its port.
            places.sorted { $0.key.count > $1.key.count }
                .reduce(text) { $0.replacing($1.key, with: $1.value) }
        }
        let arguments = [service.arguments[0]] + service.arguments.dropFirst().map(placed)
        let process = try TallyProcess(
            arguments, settings: service.environment.mapValues(placed), folder: folder)
        let port = isAtOperationsPort ? ports[1] : ports[0]
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        do {
            try await eventually("\(arguments) answers 200", within: .seconds(60)) {
                await Self.get(url)?.status == 200
            }
        } catch {
            let answer = await Self.get(url)?.text ?? "no answer"
            throw DeadlineError(description: "\(error): \(answer) \(process.errors)")
        }
        // Metrics and the state of services are no business of strangers.
        if isAtOperationsPort, [["gateway"], ["console"]].contains(arguments) {
            for path in ["readyz", "metrics"] {
                let shown = try #require(URL(string: "http://127.0.0.1:\(ports[0])/\(path)"))
                #expect(await Self.get(shown)?.text.contains("tally_") == false)
                #expect(await Self.get(shown)?.status != 200)
            }
        }
        process.signal(SIGTERM)
        // How fast it ends is StopTests' affair.
        _ = try await process.ending(within: .seconds(60))
    }

    @Test(arguments: ["POSTGRES_PASSWORD", "TALLY_MASTER_KEY", "TALLY_BANK_URL"])
    func aValueThatIsLeftOutIsNamed(name: String) async throws {
        let folder = try TemporaryFolder.make("compose")
        defer { TemporaryFolder.remove(folder) }
        var values = Self.filledIn
        values[name] = nil
        let ending = try await configured(values, folder)
        #expect(ending.status != 0)
        #expect(ending.errors.contains("set it in docker/.env"), "\(ending.errors)")
    }

    private struct Service {
        let arguments: [String]
        let environment: [String: String]
    }

    /// The services, with the environment that their containers would get.
    private func resolved(
        _ values: [String: String], _ folder: String
    ) async throws -> [String: Service] {
        let ending = try await configured(values, folder)
        try #require(ending.status == 0, "\(ending.errors)")
        let file = try Yams.load(yaml: ending.output) as? [String: Any]
        let services = try #require(file?["services"] as? [String: [String: Any]])
        return services.mapValues { service in
            // A variable without a value isn't passed; a dollar is written twice.
            let environment = (service["environment"] as? [String: Any] ?? [:])
                .compactMapValues { ($0 as? String)?.replacing("$$", with: "$") }
            return Service(
                arguments: service["command"] as? [String] ?? [], environment: environment)
        }
    }

    /// Runs `docker-compose config` with `docker/env.example`, filled in.
    private func configured(
        _ values: [String: String], _ folder: String
    ) async throws -> TallyProcess.Ending {
        let docker = TallyProcess.repository + "/docker"
        let example = try String(contentsOfFile: docker + "/env.example", encoding: .utf8)
        let lines = example.split(separator: "\n").map { line in
            let name = line.hasSuffix("=") ? String(line.dropLast()) : ""
            return values[name].map { "\(name)=\($0)" } ?? String(line)
        }
        let file = folder + "/env"
        try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        return try await TallyProcess(
            [
                "docker-compose", "--project-directory", docker, "--env-file", file,
                "-f", docker + "/compose.yaml", "config",
            ], folder: folder, program: "/usr/bin/env"
        ).ending(within: .seconds(60))
    }

    private func addUser(to database: String) async throws -> String {
        let user = "compose_\(UInt32.random(in: 0 ..< .max))"
        let connection = try await PostgresConnection.connect(database, logger: quietLogger)
        try await connection.execute(
            "create role \(user) superuser login password '\(Self.password)'")
        await connection.close()
        return user
    }

    private func removeUser(_ user: String, from database: String) async throws {
        let connection = try await PostgresConnection.connect(database, logger: quietLogger)
        try await connection.execute("drop role \(user)")
        await connection.close()
    }

    private static func get(_ url: URL) async -> (status: Int, text: String)? {
        guard let (data, response) = try? await URLSession.shared.data(from: url) else {
            return nil
        }
        return (
            (response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self)
        )
    }
}

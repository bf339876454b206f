import Foundation
import TestWaiting

/// A host of its own for a process: a network namespace that reaches this host's loopback addresses
/// over a pair of virtual interfaces, and can be cut off so that each end's packets are lost.
///
/// Making one takes root. It ends with its last process; the interfaces end with it.
public final class SeparateHost: Sendable {
    /// Its address as servers on this host see it.
    public let address: String
    private let keeper: TallyProcess
    private let folder: String
    private let near: String
    private let far: String

    /// Whether this process may make one.
    public static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let trial = Process()
        trial.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        trial.arguments = [
            "--net", "/bin/sh", "-c",
            "PATH=/usr/sbin:/sbin:$PATH; ip link add ta type veth peer name tb "
                + "&& tc qdisc add dev ta root tbf rate 1kbit burst 10 limit 10",
        ]
        trial.standardError = FileHandle.nullDevice
        guard (try? trial.run()) != nil else { return false }
        trial.waitUntilExit()
        return trial.terminationStatus == 0
    }()

    /// - Parameter folder: for its processes' output.
    public static func start(folder: String) async throws -> SeparateHost {
        let number = Int(getpid() % 250)
        let host = try SeparateHost(
            folder: folder, near: "tally\(number)a", far: "tally\(number)b",
            subnet: "10.199.\(number)")
        try await host.connect("10.199.\(number)")
        return host
    }

    private init(folder: String, near: String, far: String, subnet: String) throws {
        self.folder = folder
        self.near = near
        self.far = far
        address = "\(subnet).2"
        keeper = try TallyProcess(
            ["--net", "/bin/sleep", "600"], folder: folder, name: "host",
            program: "/usr/bin/unshare")
    }

    // `unshare` replaces itself with the program, so its process number stays.
    private var namespace: String { "/proc/\(keeper.pid)/ns/net" }

    private func connect(_ subnet: String) async throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        try await eventually("the namespace is there") { [namespace] in
            try FileManager.default.destinationOfSymbolicLink(atPath: namespace) != own
        }
        // Its own loopback stays down, so that 127.0.0.1 is this host.
        try await run(
            "ip link add \(near) type veth peer name \(far) netns \(namespace)"
                + " && ip addr add \(subnet).1/30 dev \(near) && ip link set \(near) up"
                + " && echo 1 > /proc/sys/net/ipv4/conf/\(near)/route_localnet")
        try await runThere(
            "ip addr add \(subnet).2/30 dev \(far) && ip link set \(far) up"
                + " && echo 1 > /proc/sys/net/ipv4/conf/\(far)/route_localnet"
                + " && ip route add 127.0.0.1/32 via \(subnet).1 dev \(far) src \(subnet).2")
    }

    /// Runs `tally` on it.
    public func tally(
        _ arguments: [String], settings: [String: String]
    ) throws -> TallyProcess {
        try TallyProcess(
            ["--net=\(namespace)", TallyProcess.executable.path] + arguments, settings: settings,
            folder: folder, name: "there", program: "/usr/bin/nsenter")
    }

    /// From now on no packet passes, in either direction, and neither end gets an error.
    public func vanish() async throws {
        // A rate that no packet fits into: each is dropped.
        try await run("tc qdisc add dev \(near) root tbf rate 1kbit burst 10 limit 10")
        try await runThere("tc qdisc add dev \(far) root tbf rate 1kbit burst 10 limit 10")
    }

    /// Packets pass again.
    public func comeBack() async throws {
        try await run("tc qdisc del dev \(near) root")
        try await runThere("tc qdisc del dev \(far) root")
    }

    /// Ends the namespace, once its processes have ended.
    public func end() { keeper.signal(SIGKILL) }

    private func runThere(_ script: String) async throws {
        try await shell(
            "/usr/bin/nsenter", ["--net=\(namespace)", "/bin/sh", "-c", path + script])
    }

    private func run(_ script: String) async throws {
        try await shell("/bin/sh", ["-c", path + script])
    }

    private var path: String { "PATH=/usr/sbin:/sbin:$PATH; " }

    private func shell(_ program: String, _ arguments: [String]) async throws {
        let ending = try await TallyProcess(
            arguments, folder: folder, name: "network", program: program
        ).ending(within: .seconds(20))
        guard ending.status == 0 else {
            throw DeadlineError(description: "\(arguments): \(ending.errors)")
        }
    }
}

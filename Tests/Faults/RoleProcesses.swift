import Embedded
import Foundation
import TestStack
import TestWaiting

/// The processes of the roles: killed, frozen, stopped, and always replaced.
actor RoleProcesses {
    /// One place; its process changes, it stays.
    private struct Place {
        let role: FaultRole
        var process: TallyProcess?
        var startsAt: ContinuousClock.Instant?
        // When its process was started.
        var startedAt: ContinuousClock.Instant?
        // It is set to kill itself at a step of a batch.
        var isPlanned = false
        // SIGKILL or SIGTERM was sent.
        var isSignalled = false
        var isLeaving = false
        // It is a zombie: nothing else may happen to it.
        var isFrozen = false

        // Upon SIGTERM it exits 0, unless it was too new to handle the signal.
        func stoppedWell(_ status: Int32) -> Bool {
            let isNew = startedAt.map { ContinuousClock.now - $0 < .seconds(5) } ?? true
            return status == 0 || (isNew && status == 128 + SIGTERM)
        }
    }

    /// After so long without a heartbeat, the broker assigns a process's partitions to others.
    static let sessionTimeout = Duration.seconds(2)
    private static let steps = ["polled", "applied", "committed", "publishing", "published"]

    private let stack: FaultStack
    private let recovery: RecoveryClock
    private let wantedKills: Int
    private var random: FaultRandom
    private var places: [Place] = []
    private var isEnding = false
    // All processes are frozen, and none is started.
    private var isFrozen = false
    /// Processes that ended by SIGKILL.
    private(set) var kills = 0
    /// The same by the step at which a process killed itself, or `random`.
    private(set) var killsByStep: [String: Int] = [:]
    /// What no fault explains: a role that ended by itself, or didn't stop as it should.
    private(set) var complaints: [String] = []
    private var plans: [ObjectIdentifier: String] = [:]
    // Shuffled, so that each step comes up before any comes again.
    private var steps: [String] = []

    init(stack: FaultStack, recovery: RecoveryClock, wantedKills: Int, random: FaultRandom) {
        self.stack = stack
        self.recovery = recovery
        self.wantedKills = wantedKills
        self.random = random
    }

    /// Starts `count` processes of every role and replaces those that end, until cancelled.
    func run(_ count: Int) async throws {
        for role in FaultRole.allCases {
            for _ in 0..<count { places.append(Place(role: role, startsAt: .now)) }
        }
        while !Task.isCancelled {
            for index in places.indices { try await replace(index) }
            places.removeAll { $0.isLeaving && $0.process == nil }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Kills up to `count` processes, whatever they are doing.
    func kill(_ count: Int) {
        let running = running().filter { !places[$0].isSignalled && !places[$0].isFrozen }
        // One that is set to kill itself is among those wanted already.
        var spare = wantedKills - kills - places.count { $0.isPlanned || $0.isSignalled }
        var left = min(count, wantedKills - kills)
        for index in running.shuffled(using: &random) where left > 0 {
            if !places[index].isPlanned {
                guard spare > 0 else { continue }
                spare -= 1
            }
            left -= 1
            places[index].isSignalled = true
            places[index].process?.signal(SIGKILL)
        }
    }

    /// Whether every signalled process has been replaced.
    var isQuiet: Bool { !places.contains { $0.isSignalled && !$0.isLeaving } }

    /// Freezes a process, which is not killed until it is thawed.
    func freeze() async throws -> TallyProcess {
        let process = try await eventually("a process can be frozen") { @Sendable in
            await self.freezeOne()
        }
        try await eventually("process \(process.pid) is frozen") { process.isStopped }
        return process
    }

    private func freezeOne() -> TallyProcess? {
        let free = running().filter { !places[$0].isSignalled && !places[$0].isPlanned }
        guard let index = free.randomElement(using: &random) else { return nil }
        places[index].isFrozen = true
        places[index].process?.signal(SIGSTOP)
        return places[index].process
    }

    /// Has a frozen process continue as if nothing had happened.
    func thaw(_ process: TallyProcess) throws {
        guard process.isRunning, process.isStopped else {
            throw DeadlineError(description: "process \(process.pid) wasn't frozen to the end")
        }
        for index in places.indices where places[index].process === process {
            places[index].isFrozen = false
        }
        process.signal(SIGCONT)
    }

    /// Freezes all.
    func freezeAll() {
        isFrozen = true
        for place in places { place.process?.signal(SIGSTOP) }
    }

    /// Has all continue.
    func thawAll() {
        for place in places { place.process?.signal(SIGCONT) }
        isFrozen = false
    }

    /// Adds a process of a role.
    func join(_ role: FaultRole) { places.append(Place(role: role, startsAt: .now)) }

    /// Stops one process of a role with SIGTERM; its place goes with it.
    func leave(_ role: FaultRole) async throws {
        try await eventually("a \(role) process can leave") { @Sendable in
            await self.stopOne(of: role)
        }
    }

    private func stopOne(of role: FaultRole) -> Bool {
        let free = running().filter { places[$0].role == role && !places[$0].isSignalled }
        guard let index = free.randomElement(using: &random) else { return false }
        places[index].isSignalled = true
        places[index].isLeaving = true
        places[index].process?.signal(SIGTERM)
        return true
    }

    /// Stops all and returns when they have ended; each must end well.
    func stop() async throws {
        isEnding = true
        for index in places.indices {
            places[index].isLeaving = true
            places[index].startsAt = nil
            places[index].process?.signal(SIGTERM)
        }
        for place in places {
            guard let process = place.process else { continue }
            let ending = try await process.ending(within: .seconds(30))
            if !place.stoppedWell(ending.status) {
                complaints.append(
                    "a \(place.role) worker ended with \(ending.status) upon SIGTERM: "
                        + ending.errors.suffix(1_500))
            }
        }
        places = []
        if kills < wantedKills {
            complaints.append("\(kills) of \(wantedKills) kills happened")
        }
    }

    private func running() -> [Int] {
        places.indices.filter { places[$0].process?.isRunning == true }
    }

    private func replace(_ index: Int) async throws {
        guard !isEnding else { return }
        if let process = places[index].process {
            guard !process.isRunning else { return }
            let ending = try await process.ending(within: .seconds(5))
            guard !isEnding else { return }
            places[index].process = nil
            await record(ending, of: process, in: index)
        } else if let time = places[index].startsAt, time <= .now, !isFrozen {
            try start(index)
        }
    }

    private func record(
        _ ending: TallyProcess.Ending, of process: TallyProcess, in index: Int
    ) async {
        let place = places[index]
        let plan = plans.removeValue(forKey: ObjectIdentifier(process))
        places[index].isSignalled = false
        places[index].isPlanned = false
        places[index].isFrozen = false
        if !place.isLeaving { places[index].startsAt = .now + random.milliseconds(0...300) }
        if ending.status == 128 + SIGKILL {
            kills += 1
            let step = place.isSignalled ? "random" : plan ?? "unknown"
            killsByStep[step, default: 0] += 1
            await recovery.killed(place.role)
            FaultRun.log("    kill \(kills): \(place.role), \(step)")
        } else if plan != nil && ending.status == 1 {
            // It reads the database's fault mark when it starts, and exits where it can't.
            plan.map { steps.append($0) }
        } else if !place.isLeaving || !place.stoppedWell(ending.status) {
            complaints.append(
                "a \(place.role) worker ended by itself with \(ending.status): "
                    + ending.errors.suffix(1_500))
        }
    }

    private func start(_ index: Int) throws {
        var arguments = ["worker", places[index].role.rawValue]
        let expected = places.count { $0.isPlanned || $0.isSignalled }
        var plan: String?
        if kills + expected < wantedKills, random.chance(55) {
            if steps.isEmpty { steps = Self.steps.shuffled(using: &random) }
            plan = steps.popLast()
        }
        if let plan { arguments += ["--crash-at", "\(plan):\(random.int(1...4))"] }
        places[index].isPlanned = plan != nil
        let settings = stack.settings.merging(WorkerSettings.channel(stack.keys)) { $1 }
            .merging(stack.clock.settings) { $1 }
            .merging([
                "TALLY_HTTP_PORT": String(try LoopbackPort.free(count: 1)[0]),
                "TALLY_KAFKA_SESSION_TIMEOUT_MS": "2000",
                "TALLY_KAFKA_HEARTBEAT_INTERVAL_MS": "400",
            ]) { $1 }
        let process = try TallyProcess(arguments, settings: settings, folder: stack.folder)
        plans[ObjectIdentifier(process)] = plan
        places[index].process = process
        places[index].startedAt = .now
        places[index].startsAt = nil
    }
}

import Embedded
import Foundation
import TestStack

/// The processes of the roles: killed, frozen, sent away, and always replaced.
actor Crew {
    /// One place in the crew; its process changes, it stays.
    private struct Place {
        let role: FaultRole
        var process: TallyProcess?
        var startsAt: ContinuousClock.Instant?
        // It was started then.
        var startedAt: ContinuousClock.Instant?
        // It will die at a step of a batch.
        var isPlanned = false
        // SIGKILL or SIGTERM is on its way.
        var isSignalled = false
        var isLeaving = false

        // Upon SIGTERM it ends with 0, but for one that hadn't got to listening to it.
        func leftWell(_ status: Int32) -> Bool {
            let isNew = startedAt.map { ContinuousClock.now - $0 < .seconds(5) } ?? true
            return status == 0 || (isNew && status == 128 + SIGTERM)
        }
    }

    /// Without a sign of life for so long, the broker gives a process's partitions to others.
    static let sessionTimeout = Duration.seconds(2)
    private static let steps = ["polled", "applied", "committed", "publishing", "published"]

    private let stack: FaultStack
    private let recovery: RecoveryClock
    private let wantedKills: Int
    private var random: FaultRandom
    private var places: [Place] = []
    private var isEnding = false
    // Nobody works, and nobody is started.
    private var isFrozen = false
    /// Processes that have died of SIGKILL.
    private(set) var kills = 0
    /// How they died: `random`, or the step.
    private(set) var deaths: [String: Int] = [:]
    /// What no fault explains: a role that ended by itself, or didn't stop as it should.
    private(set) var complaints: [String] = []
    private var plans: [ObjectIdentifier: String] = [:]
    // Dealt out, so that each step comes up before any comes again.
    private var steps: [String] = []

    init(stack: FaultStack, recovery: RecoveryClock, wantedKills: Int, random: FaultRandom) {
        self.stack = stack
        self.recovery = recovery
        self.wantedKills = wantedKills
        self.random = random
    }

    /// Starts `count` processes of every role and watches over them until cancelled.
    func work(_ count: Int) async throws {
        for role in FaultRole.allCases {
            for _ in 0..<count { places.append(Place(role: role, startsAt: .now)) }
        }
        while !Task.isCancelled {
            for index in places.indices { try await look(after: index) }
            places.removeAll { $0.isLeaving && $0.process == nil }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Kills up to `count` processes, whatever they are doing.
    func kill(_ count: Int) {
        let running = places.indices.filter { places[$0].process?.isRunning == true }
            .filter { !places[$0].isSignalled }
        // One that dies by itself all the same is among those wanted already.
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

    /// Whether no death is on its way that hasn't been noticed.
    var isQuiet: Bool { !places.contains { $0.isSignalled && !$0.isLeaving } }

    /// Freezes a process and returns what thaws it.
    func freeze() -> TallyProcess? {
        let running = places.indices.filter { places[$0].process?.isRunning == true }
            .filter { !places[$0].isSignalled && !places[$0].isPlanned }
        guard let index = running.randomElement(using: &random) else { return nil }
        places[index].process?.signal(SIGSTOP)
        return places[index].process
    }

    /// Freezes everyone.
    func freezeAll() {
        isFrozen = true
        for place in places { place.process?.signal(SIGSTOP) }
    }

    /// Has everyone go on as if nothing had been.
    func thawAll() {
        for place in places { place.process?.signal(SIGCONT) }
        isFrozen = false
    }

    /// One more process of a role.
    func join(_ role: FaultRole) { places.append(Place(role: role, startsAt: .now)) }

    /// Sends one process of a role away, with SIGTERM.
    func leave(_ role: FaultRole) {
        let running = places.indices.filter { places[$0].process?.isRunning == true }
            .filter { places[$0].role == role && !places[$0].isSignalled }
        guard let index = running.randomElement(using: &random) else { return }
        places[index].isSignalled = true
        places[index].isLeaving = true
        places[index].process?.signal(SIGTERM)
    }

    /// Sends everyone away and returns when they have gone; each must end well.
    func dismiss() async throws {
        isEnding = true
        for index in places.indices {
            places[index].isLeaving = true
            places[index].startsAt = nil
            places[index].process?.signal(SIGTERM)
        }
        for place in places {
            guard let process = place.process else { continue }
            let ending = try await process.ending(within: .seconds(30))
            if !place.leftWell(ending.status) {
                complaints.append(
                    "a \(place.role) worker ended with \(ending.status) upon SIGTERM: "
                        + ending.errors.suffix(1_500))
            }
        }
        places = []
    }

    private func look(after index: Int) async throws {
        guard !isEnding else { return }
        if let process = places[index].process {
            guard !process.isRunning else { return }
            let ending = try await process.ending(within: .seconds(5))
            guard !isEnding else { return }
            places[index].process = nil
            await note(ending, of: process, in: index)
        } else if let time = places[index].startsAt, time <= .now, !isFrozen {
            try start(index)
        }
    }

    private func note(_ ending: TallyProcess.Ending, of process: TallyProcess, in index: Int) async
    {
        let place = places[index]
        let plan = plans.removeValue(forKey: ObjectIdentifier(process))
        places[index].isSignalled = false
        places[index].isPlanned = false
        if !place.isLeaving { places[index].startsAt = .now + random.milliseconds(0...300) }
        if ending.status == 128 + SIGKILL {
            kills += 1
            let step = place.isSignalled ? "random" : plan ?? "unknown"
            deaths[step, default: 0] += 1
            await recovery.killed(place.role)
            FaultRun.log("    kill \(kills): \(place.role), \(step)")
        } else if plan != nil && ending.status == 1 {
            // It asks for the database's mark when it starts, and gives up where that is away.
            plan.map { steps.append($0) }
        } else if !place.isLeaving || !place.leftWell(ending.status) {
            complaints.append(
                "a \(place.role) worker ended by itself with \(ending.status): "
                    + ending.errors.suffix(1_500))
        }
    }

    private func start(_ index: Int) throws {
        var arguments = ["worker", places[index].role.rawValue]
        let dying = places.count { $0.isPlanned || $0.isSignalled }
        var plan: String?
        if kills + dying < wantedKills, random.chance(55) {
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

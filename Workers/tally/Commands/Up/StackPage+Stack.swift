import Foundation
import Sandbox
import Simulator

extension StackPage {
    /// The page of a stack.
    init(_ stack: Stack, suggestions: [Suggestion]) {
        self.init(
            gateway: stack.simulator.gatewayURL, console: stack.consoleURL,
            simulator: stack.simulator.baseURL,
            database: CommandDatabase.address(of: stack.databaseURL), brokers: stack.brokers,
            folder: Self.typed(stack.folder), parties: stack.parties,
            users: stack.users, suggestions: suggestions)
    }

    /// Commands for a stack that was just started.
    static func firstSteps(in stack: Stack) -> [Suggestion] {
        let folder = typed(stack.folder)
        let data = folder == ".tally" ? "" : " --data \(folder)"
        let merchant = stack.parties.merchants.first { party in
            !party.ordersThroughAgents && party.keys.contains { $0.secret != nil }
        }
        return [
            Suggestion(
                command: "\(folder)/tally sample-order\(data)",
                purpose: "place a signed order; prints the URL where it is paid"),
            Suggestion(
                command: "\(folder)/tally orders show --merchant \(merchant?.partyNo ?? "") "
                    + "--merchant-order-no SAMPLE-1",
                purpose: "its state, what is next, its timeline"
            ),
            Suggestion(
                command: "\(folder)/tally lag", purpose: "every worker's offsets and lag"),
        ]
    }

    /// A path as it is typed in the current folder.
    static func typed(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }
}

extension StackPage {
    /// Commands for a stack whose day has been played.
    static func afterDay(_ plan: DayPlan, in stack: Stack) -> [Suggestion] {
        let tally = typed(stack.folder) + "/tally"
        let late = plan.orders.first { $0.scenario == .lateAcrossMidnight }
        let order = late.map {
            Suggestion(
                command: "\(tally) orders show --merchant \($0.merchantNo) "
                    + "--merchant-order-no \($0.merchantOrderNo)",
                purpose: "an order that was paid late, across midnight")
        }
        return [
            order,
            Suggestion(
                command: "\(tally) reconcile show --date \(plan.day)",
                purpose: "the day's reconciliation and its differences"),
            Suggestion(
                command: "\(tally) dead-letters list", purpose: "records that couldn't be processed"
            ),
        ].compactMap { $0 }
    }
}

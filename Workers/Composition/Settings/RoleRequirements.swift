import Foundation
import Store

extension Role {
    /// Whether it reads the channel's messages, signs for it or calls it.
    var usesChannel: Bool {
        switch self {
        case .gateway, .signature, .callback, .inquiry, .statements, .onboarding: true
        case .delivery, .reconciliation, .settlement, .console: false
        }
    }

    /// The port of its HTTP server unless the settings say otherwise: one for each role, so that
    /// all of them start on one host.
    package var defaultPort: Int {
        switch self {
        case .gateway: 8080
        case .signature: 8091
        case .callback: 8092
        case .delivery: 8093
        case .inquiry: 8094
        case .statements: 8095
        case .reconciliation: 8096
        case .settlement: 8097
        case .console: 8098
        case .onboarding: 8099
        }
    }
}

extension Settings {
    /// The port of the role's HTTP server: its API's, or of health and metrics where it has none.
    package func port(of role: Role) -> Int {
        let operations = role.servesPeople ? nil : operationsPort
        return operations ?? httpPort ?? role.defaultPort
    }

    /// Where the role is to serve HTTP.
    package func listeningAddresses(of role: Role) -> [ListeningAddress] {
        func address(_ port: Int, _ variable: String) -> ListeningAddress {
            ListeningAddress(host: httpHost, port: port, variable: variable)
        }
        let isOperations = !role.servesPeople && operationsPort != nil
        let first = address(
            port(of: role), isOperations ? "TALLY_OPERATIONS_PORT" : "TALLY_HTTP_PORT")
        guard let separate = separateOperationsPort(of: role) else { return [first] }
        return [first, address(separate, "TALLY_OPERATIONS_PORT")]
    }

    /// Where the gateway or the console serves health and metrics besides its HTTP port.
    func separateOperationsPort(of role: Role) -> Int? {
        role.servesPeople && operationsPort != port(of: role) ? operationsPort : nil
    }

    /// What keeps a role from running with these settings, a sentence each.
    func problems(of role: Role) -> [String] {
        var problems: [String] = []
        if databaseURL.isEmpty { problems.append(SettingError.missingText("TALLY_DATABASE_URL")) }
        if masterKey.isEmpty {
            problems.append(SettingError.missingText("TALLY_MASTER_KEY"))
        } else {
            do throws(SealerError) {
                _ = try Sealer(masterKey: masterKey)
            } catch {
                problems.append(error.description)
            }
        }
        if role.usesChannel { problems += channel.problems }
        if role == .settlement, bankURL.isEmpty {
            problems.append(SettingError.missingText("TALLY_BANK_URL"))
        }
        if environment == .production {
            problems += missingChecks(of: role).map {
                "\($0), which TALLY_ENVIRONMENT=production doesn't allow"
            }
        }
        return problems
    }

    /// The checks that a role should make and, with these settings, doesn't; a sentence each.
    package func missingChecks(of role: Role) -> [String] {
        var missing: [String] = []
        switch role {
        case .gateway, .signature, .callback, .statements:
            missing += channel.missingChecks(makesPayURLs: role == .gateway || role == .signature)
        case .settlement where bankSecret == nil:
            missing.append(
                "TALLY_BANK_SECRET is not set: calls to the bank aren't signed")
        case .delivery where allowsPrivateReceivers:
            missing.append(
                "TALLY_DELIVERY_ALLOW_PRIVATE is true: receivers' addresses aren't checked")
        case .delivery, .inquiry, .reconciliation, .settlement, .onboarding, .console: break
        }
        return missing
    }
}
